/** Mails as they come in over the wire. */

export interface Mail {
  readonly from?: string
  readonly headers?: Record<string, string | readonly string[]>
  readonly text?: string
  readonly html?: string
  readonly attachments?: readonly { name: string; type: string; content: string; disposition?: string; id?: string }[]
  /** The result that the server has put on top; '' for none. */
  readonly proof?: string
  /** Of a mail inside another. */
  readonly boundary?: string
}

const part = (type: string, body: string, more = '') =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${btoa(unescape(encodeURIComponent(body)))}\r\n`

export function rawMail(mail: Mail = {}): string {
  const {
    from = 'Dana Whitfield <dana@mail.example>',
    headers = {},
    text = 'Hello',
    html,
    attachments = [],
    boundary = 'mix',
  } = mail
  const proof = mail.proof ?? `dkim=pass header.d=${/@([^>]*)/.exec(from)?.[1]}`
  const named = {
    ...(proof !== '' && { 'Authentication-Results': `mx.cloudflare.net; ${proof}` }),
    From: from,
    To: 'smith.leads@in.docketed.example',
    Subject: 'A question',
    Date: 'Mon, 02 Nov 2026 08:58:11 +0000',
    'Message-ID': '<m1@mail.example>',
    'MIME-Version': '1.0',
    ...headers,
  }
  const head = Object.entries(named)
    .flatMap(([name, value]) => [value].flat().map(one => `${name}: ${one}\r\n`))
    .join('')
  const bodies = [
    part('text/plain; charset=utf-8', text),
    ...(html === undefined ? [] : [part('text/html; charset=utf-8', html)]),
  ]
  const alternative = `Content-Type: multipart/alternative; boundary=${boundary}alt\r\n\r\n--${boundary}alt\r\n${bodies.join(`--${boundary}alt\r\n`)}--${boundary}alt--\r\n`
  const files = attachments.map(({ name, type, content, disposition = 'attachment', id }) => {
    const more = `Content-Disposition: ${disposition}; filename="${name}"\r\n${id ? `Content-ID: <${id}>\r\n` : ''}`
    return type === 'message/rfc822'
      ? `Content-Type: message/rfc822\r\n${more}\r\n${content}\r\n`
      : part(type, content, more)
  })
  return `${head}Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n${[alternative, ...files].join(`--${boundary}\r\n`)}--${boundary}--\r\n`
}
