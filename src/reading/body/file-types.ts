import type { Bytes } from '../../lib/encoding.ts'

/** What a file is: by the type that its sender names, by its name, and, for the commonest, by its first bytes. */

const types: Readonly<Record<string, string>> = {
  bmp: 'image/bmp',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eml: 'message/rfc822',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  htm: 'text/html',
  html: 'text/html',
  jfif: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  m4a: 'audio/mp4',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  msg: 'application/vnd.ms-outlook',
  odt: 'application/vnd.oasis.opendocument.text',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rtf: 'application/rtf',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain',
  wav: 'audio/wav',
  webp: 'image/webp',
  xhtml: 'text/html',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
}

const known = new Set(Object.values(types))

/** What programs say that know no type of a file. */
const nothing = /^$|\/(?:octet-stream|(?:x-)?(?:unknown|binary|(?:force-)?download))/
/** Names of types besides those of `types`, as of a sheet that Windows calls Excel's; most hold the extension. */
const several = /^(?:csv|docx?|jpe?g|odt|p(?:df|ptx?)|rtf|xlsx?)$/
const others = /acrobat|comma|excel|jpe?g|powerpoint|richtext|word|zip/

/** `application/pdf`, `image/*`. */
export const typePattern = /^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]*)$/

/** What opens as a page or runs as a program: whoever wants it names its type in full. */
const scripted = /^(?:image\/svg|text\/html|application\/xhtml)/
const programs = /^(?:apk|app|bat|cmd|com|exe|hta|jar|js|lnk|mjs|msi|ps1|reg|scr|sh|vbs|wsf)$/

const fits = (type: string, allowed: readonly string[]): boolean =>
  allowed.includes(type) ||
  (!scripted.test(type) && allowed.some(each => each.endsWith('/*') && type.startsWith(each.slice(0, -1))))

/**
 * The type of a file, when it is one of the allowed; null when it is not. The named type and the one that the name's extension
 * stands for both have to be allowed, or a program could come as a picture. Other names of a type are that type: `application/x-pdf`.
 * @param named the part's Content-Type, lower case
 */
export function allowedType(named: string, name: string, bytes: Bytes, allowed: readonly string[]): string | null {
  const extension = extensionOf(name)
  const byName = typeByName(name)
  if (programs.test(extension) && !allowed.includes(named)) return null
  const unnamed = nothing.test(named)
  const alike = byName !== null && (named.includes(extension) || (others.test(named) && several.test(extension)))
  const type = unnamed || alike ? (byName ?? contentType(bytes) ?? named) : named
  // An extension that nobody here knows goes with a type that nobody here knows either; without one, the first bytes have to tell.
  const told = byName ?? (extension === '' && contentType(bytes) === type ? type : null)
  if (!fits(type, allowed) || (told === null ? !unnamed && known.has(type) : !fits(told, allowed))) return null
  return begins(told ?? type, bytes) ? type : null
}

/** What stands behind the last dot, small; empty where nothing does. Digits are a number: `lease 2.1`. */
const extensionOf = (name: string): string => /\.(\d*[a-z][a-z0-9]*)$/i.exec(name)?.[1]?.toLowerCase() ?? ''

/** The type that a name's extension stands for; null when nobody here knows it. */
export function typeByName(name: string): string | null {
  const extension = extensionOf(name)
  return Object.hasOwn(types, extension) ? types[extension]! : null
}

/** What the first bytes are of, for a file that neither its sender nor its name says anything of; null when that is not known. */
function contentType(bytes: Bytes): string | null {
  const known = ['application/pdf', 'image/png', 'image/jpeg']
  return known.find(type => begins(type, bytes)) ?? null
}

/** True when the first bytes say what the type says, where that is cheap to see. */
function begins(type: string, bytes: Bytes): boolean {
  const starts = (...first: number[]): boolean => first.every((byte, at) => bytes[at] === byte)
  switch (type) {
    case 'application/pdf':
      // Readers take a head within the first 1,024 bytes (ISO 32000-1, annex H, note 13).
      return new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-')
    case 'image/png':
      return starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
    case 'image/jpeg':
      return starts(0xff, 0xd8, 0xff)
    default:
      return true
  }
}
