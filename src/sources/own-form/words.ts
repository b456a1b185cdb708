import type { Problem } from '../../lib/problem.ts'
import type { FileLimits } from '../../model/event.ts'
import type { FormDefinition } from './form-definition.ts'

/** What a visitor of a form reads from the door: what they can do, in their words and language, and nothing of how the form is set up. */

export type Language = FormDefinition['language']

/** `#` stands for what is filled in. */
interface Words {
  readonly unsent: string
  readonly nowhere: string
  readonly again: string
  readonly back: string
  readonly thanks: { readonly title: string; readonly text: string }
  readonly kind: string
  readonly most: string
  readonly large: string
  readonly long: string
  readonly full: string
  readonly later: string
  readonly broken: string
  /** PDF, picture, text, Word, any other type. */
  readonly kinds: readonly [string, string, string, string, string]
  readonly or: string
}

export const visitorWords: Readonly<Record<Language, Words>> = {
  en: {
    unsent: 'Your message was not sent',
    nowhere: 'There is no page here',
    again: 'Go back with your browser: what you wrote should still be there.',
    back: 'Back to #',
    thanks: { title: 'Thank you', text: 'Your message has arrived. We will be in touch.' },
    kind: 'Please attach #. One of your files is of another kind, and nothing was sent yet.',
    most: 'Please attach at most # files. Nothing was sent yet.',
    large: 'Your files are too large: together they may have # MB. Nothing was sent yet.',
    long: 'What you wrote is too long. Please shorten it; nothing was sent yet.',
    full: 'Large messages cannot be taken any more today. Please send it without files, or tomorrow.',
    later: 'Your message could not be taken just now. Please send it again in a minute, or call us.',
    broken: 'This form is not set up correctly, and nothing was sent. Please call or write to us.',
    kinds: ['PDFs', 'images', 'text files', 'Word documents', 'files of the type #'],
    or: 'or',
  },
  es: {
    unsent: 'Su mensaje no se ha enviado',
    nowhere: 'Aquí no hay ninguna página',
    again: 'Vuelva atrás en su navegador: lo que escribió debería seguir ahí.',
    back: 'Volver a #',
    thanks: { title: 'Gracias', text: 'Hemos recibido su mensaje. Nos pondremos en contacto con usted.' },
    kind: 'Adjunte #, por favor. Uno de sus archivos es de otro tipo, y todavía no se ha enviado nada.',
    most: 'Adjunte como máximo # archivos, por favor. Todavía no se ha enviado nada.',
    large: 'Sus archivos son demasiado grandes: juntos pueden tener # MB. Todavía no se ha enviado nada.',
    long: 'Lo que escribió es demasiado largo. Acórtelo, por favor; todavía no se ha enviado nada.',
    full: 'Hoy ya no podemos recibir mensajes grandes. Envíelo sin archivos, o mañana.',
    later: 'Ahora mismo no se ha podido recibir su mensaje. Envíelo de nuevo dentro de un minuto, o llámenos.',
    broken: 'Este formulario no está bien configurado y no se ha enviado nada. Llámenos o escríbanos, por favor.',
    kinds: ['archivos PDF', 'imágenes', 'archivos de texto', 'documentos de Word', 'archivos del tipo #'],
    or: 'o',
  },
  fr: {
    unsent: 'Votre message n’a pas été envoyé',
    nowhere: 'Il n’y a pas de page ici',
    again: 'Revenez en arrière dans votre navigateur : ce que vous avez écrit devrait encore y être.',
    back: 'Retour à #',
    thanks: { title: 'Merci', text: 'Votre message est arrivé. Nous vous contacterons.' },
    kind: 'Veuillez joindre #. L’un de vos fichiers est d’un autre type ; rien n’a encore été envoyé.',
    most: 'Veuillez joindre # fichiers au plus. Rien n’a encore été envoyé.',
    large: 'Vos fichiers sont trop volumineux : # Mo au total sont permis. Rien n’a encore été envoyé.',
    long: 'Votre texte est trop long. Veuillez le raccourcir ; rien n’a encore été envoyé.',
    full: 'Nous ne pouvons plus recevoir de gros messages aujourd’hui. Envoyez-le sans fichiers, ou demain.',
    later: 'Votre message n’a pas pu être reçu. Veuillez le renvoyer dans une minute, ou appelez-nous.',
    broken: 'Ce formulaire est mal configuré et rien n’a été envoyé. Veuillez nous appeler ou nous écrire.',
    kinds: ['des PDF', 'des images', 'des fichiers texte', 'des documents Word', 'des fichiers de type #'],
    or: 'ou',
  },
  de: {
    unsent: 'Ihre Nachricht wurde nicht gesendet',
    nowhere: 'Hier gibt es keine Seite',
    again: 'Gehen Sie im Browser zurück: Was Sie geschrieben haben, sollte noch dort stehen.',
    back: 'Zurück zu #',
    thanks: { title: 'Vielen Dank', text: 'Ihre Nachricht ist angekommen. Wir melden uns bei Ihnen.' },
    kind: 'Bitte hängen Sie # an. Eine Ihrer Dateien ist von anderer Art; noch wurde nichts gesendet.',
    most: 'Bitte hängen Sie höchstens # Dateien an. Noch wurde nichts gesendet.',
    large: 'Ihre Dateien sind zu groß: Zusammen dürfen sie # MB haben. Noch wurde nichts gesendet.',
    long: 'Ihr Text ist zu lang. Bitte kürzen Sie ihn; noch wurde nichts gesendet.',
    full: 'Große Nachrichten können heute nicht mehr angenommen werden. Bitte senden Sie sie ohne Dateien, oder morgen.',
    later:
      'Ihre Nachricht konnte gerade nicht angenommen werden. Bitte senden Sie sie in einer Minute noch einmal, oder rufen Sie uns an.',
    broken:
      'Dieses Formular ist nicht richtig eingerichtet, und nichts wurde gesendet. Bitte rufen Sie uns an oder schreiben Sie uns.',
    kinds: ['PDFs', 'Bilder', 'Textdateien', 'Word-Dokumente', 'Dateien vom Typ #'],
    or: 'oder',
  },
  pt: {
    unsent: 'A sua mensagem não foi enviada',
    nowhere: 'Não há nenhuma página aqui',
    again: 'Volte atrás no navegador: o que escreveu deve ainda lá estar.',
    back: 'Voltar a #',
    thanks: { title: 'Obrigado', text: 'A sua mensagem chegou. Entraremos em contacto.' },
    kind: 'Anexe #, por favor. Um dos seus ficheiros é de outro tipo, e ainda nada foi enviado.',
    most: 'Anexe no máximo # ficheiros, por favor. Ainda nada foi enviado.',
    large: 'Os seus ficheiros são demasiado grandes: juntos podem ter # MB. Ainda nada foi enviado.',
    long: 'O que escreveu é demasiado longo. Encurte-o, por favor; ainda nada foi enviado.',
    full: 'Hoje já não podemos receber mensagens grandes. Envie-a sem ficheiros, ou amanhã.',
    later: 'Não foi possível receber a sua mensagem agora. Envie-a de novo dentro de um minuto, ou telefone-nos.',
    broken: 'Este formulário não está bem configurado e nada foi enviado. Telefone-nos ou escreva-nos, por favor.',
    kinds: ['PDF', 'imagens', 'ficheiros de texto', 'documentos Word', 'ficheiros do tipo #'],
    or: 'ou',
  },
}

export const filled = (words: string, value: string | number | undefined): string =>
  words.replace('#', () => String(value))

export function wordsForVisitors(
  { code, status }: Problem,
  files: FileLimits | undefined,
  language: Language = 'en',
): string {
  const words = visitorWords[language]
  switch (code) {
    case 'file-type':
      return filled(words.kind, kindsOf(files?.types ?? [], words))
    case 'too-many-files':
      return filled(words.most, files?.most)
    case 'files-too-large':
    case 'too-large':
      return files ? filled(words.large, Math.floor(files.maxBytes / 1_000_000)) : words.long
    case 'answers-too-long':
      return words.long
    case 'too-many-requests':
    case 'too-much-at-once':
    case 'body-cut':
      return words.later
    case 'day-full':
      return words.full
    case 'method-not-allowed':
      return words.nowhere
  }
  return status >= 500 ? words.later : words.broken
}

/** `PDFs, images or text files`. */
function kindsOf(types: readonly string[], { kinds: [pdf, picture, text, word, other], or }: Words): string {
  const named = types.map(type => {
    if (type === 'application/pdf') return pdf
    if (type === 'text/plain') return text
    if (type === 'application/msword' || type.endsWith('wordprocessingml.document')) return word
    return type.startsWith('image/') ? picture : filled(other, type)
  })
  const each = [...new Set(named)]
  return each.length < 2 ? (each[0] ?? pdf) : `${each.slice(0, -1).join(', ')} ${or} ${each.at(-1)}`
}

/**
 * What a visitor reads best: the language of the hosted form; of a form on the firm's own page, which says none, the first of theirs
 * (`Accept-Language`) that we speak.
 */
export function languageOf(form: FormDefinition | undefined, headers: Headers): Language {
  if (form) return form.language
  const wanted = (headers.get('accept-language') ?? '').toLowerCase().split(',', 8)
  const known = wanted.map(one => one.trim().slice(0, 2)).find(one => Object.hasOwn(visitorWords, one))
  return (known as Language | undefined) ?? 'en'
}
