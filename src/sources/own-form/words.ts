import type { Problem } from '../../lib/problem.ts'
import type { FileLimits } from '../../model/event.ts'

/** What a visitor of a form reads when it is refused: what they can do, in their words, and nothing of how the form is set up. */
export function wordsForVisitors({ code, status }: Problem, files: FileLimits | undefined): string {
  switch (code) {
    case 'file-type':
      return `Please attach ${kindsOf(files?.types ?? [])}. One of your files is of another kind, and nothing was sent yet.`
    case 'too-many-files':
      return `Please attach at most ${files?.most} files. Nothing was sent yet.`
    case 'files-too-large':
    case 'too-large':
      return files
        ? `Your files are too large: together they may have ${Math.floor(files.maxBytes / 1_000_000)} MB. Nothing was sent yet.`
        : 'What you wrote is too long. Please shorten it; nothing was sent yet.'
    case 'answers-too-long':
      return 'What you wrote is too long: a message may have about 600,000 characters. Please shorten it; nothing was sent yet.'
    case 'too-many-requests':
    case 'too-much-at-once':
      return 'Many messages came in just now, and yours was not taken. Please send it again in a minute.'
    case 'day-full':
      return 'Large messages cannot be taken any more today. Please send it without files, or tomorrow.'
    case 'method-not-allowed':
      return 'Messages are sent from the form, and there is nothing to read at this address.'
    case 'body-cut':
      return 'The connection broke while your message was being sent. Please send it again.'
  }
  return status >= 500
    ? 'Your message could not be taken just now. Please send it again in a minute, or call us.'
    : 'This form is not set up correctly, and nothing was sent. Please call or write to us.'
}

const kinds: Readonly<Record<string, string>> = {
  'application/pdf': 'PDFs',
  'text/plain': 'text files',
  'application/msword': 'Word documents',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word documents',
}

/** `PDFs, images or text files`. */
function kindsOf(types: readonly string[]): string {
  const named = types.map(type => kinds[type] ?? (type.startsWith('image/') ? 'images' : `files of the type ${type}`))
  const each = [...new Set(named)]
  return each.length < 2 ? (each[0] ?? 'another file') : `${each.slice(0, -1).join(', ')} or ${each.at(-1)}`
}
