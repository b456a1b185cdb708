import type { Email } from 'postal-mime'

/** Mail that nobody wrote: it answers by itself, came back, or goes to many. It is kept apart, not lost. */

const subjects =
  /^\s*(?:automatic reply|auto(?:mat(?:ed|ic))?[ -]?(?:reply|response|answer)|out of (?:the )?office|undeliver(?:able|ed)(?=\s*(?:$|:|e?-?mail|message))|mail delivery (?:failed|subsystem)|delivery status notification|returned mail(?=\s*(?:$|:))|read:|abwesenheit|nicht im b[uü]ro|automatische antwort|respuesta autom[aá]tica|(?:fuera|ausencia) de (?:la )?oficina|r[eé]ponse automatique|absen(?:t|ce) du bureau|message d.absence|risposta automatica|resposta autom[aá]tica|automatisch antwoord|autosvar|fr[aå]nvaro)/i

/**
 * Why a mail is kept apart, in words; null for one that somebody meant.
 * @source RFC 3834 §5, RFC 2076 §3.9, RFC 8058 (a mailing that is left with one click)
 * @param envelope its sender; a mail that comes back has none
 * @param known true where the endpoint says whose mail it takes: services mark notifications of leads as mailings
 */
export function whyApart(mail: Email, envelope: string | null, known: boolean): string | null {
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value.trim() ?? ''
  const returned =
    /^multipart\/report/i.test(header('content-type')) || envelope === '' || header('x-failed-recipients') !== ''
  const answers =
    mail.attachments.some(({ method }) => method === 'REPLY') ||
    /^auto-replied/i.test(header('auto-submitted')) ||
    /^(?:yes|all)$/i.test(header('x-autoreply')) ||
    header('x-autorespond') !== '' ||
    /^auto_?reply$/i.test(header('precedence')) ||
    /^(?:mailer-daemon|postmaster)@/i.test(mail.from?.address ?? '') ||
    subjects.test(mail.subject ?? '')
  if (returned || answers) return 'it is an automatic answer, or came back'
  const mailing = /^(?:bulk|junk)$/i.test(header('precedence')) || header('list-unsubscribe-post') !== ''
  return mailing && !known ? 'it is a mailing to many' : null
}
