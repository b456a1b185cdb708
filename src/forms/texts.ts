import type { FormDefinition } from '../sources/own-form/form-definition.ts'

/** What a hosted form says of itself, in its language. */
export interface Texts {
  readonly required: string
  readonly optional: string
  readonly choose: string
  readonly submit: string
  readonly sending: string
  readonly failed: string
  readonly trap: string
  readonly thanks: { readonly title: string; readonly text: string }
}

export const texts: Readonly<Record<FormDefinition['language'], Texts>> = {
  en: {
    required: 'required',
    optional: 'optional',
    choose: 'Please choose',
    submit: 'Send',
    sending: 'Sending …',
    failed:
      'It could not be sent. Please check your connection and try again: nothing is lost, and nothing is sent twice.',
    trap: 'Leave this empty',
    thanks: { title: 'Thank you', text: 'Your message has arrived. We will be in touch.' },
  },
  es: {
    required: 'obligatorio',
    optional: 'opcional',
    choose: 'Elija una opción',
    submit: 'Enviar',
    sending: 'Enviando …',
    failed: 'No se pudo enviar. Compruebe su conexión e inténtelo de nuevo: no se pierde nada ni se envía dos veces.',
    trap: 'Deje esto vacío',
    thanks: { title: 'Gracias', text: 'Hemos recibido su mensaje. Nos pondremos en contacto con usted.' },
  },
  fr: {
    required: 'obligatoire',
    optional: 'facultatif',
    choose: 'Veuillez choisir',
    submit: 'Envoyer',
    sending: 'Envoi en cours …',
    failed: 'L’envoi a échoué. Vérifiez votre connexion et réessayez : rien n’est perdu ni envoyé deux fois.',
    trap: 'Laissez ce champ vide',
    thanks: { title: 'Merci', text: 'Votre message est arrivé. Nous vous contacterons.' },
  },
  de: {
    required: 'Pflichtfeld',
    optional: 'freiwillig',
    choose: 'Bitte wählen',
    submit: 'Absenden',
    sending: 'Wird gesendet …',
    failed:
      'Das Senden ist fehlgeschlagen. Bitte prüfen Sie die Verbindung und versuchen Sie es erneut: nichts geht verloren, nichts kommt doppelt an.',
    trap: 'Bitte leer lassen',
    thanks: { title: 'Vielen Dank', text: 'Ihre Nachricht ist angekommen. Wir melden uns bei Ihnen.' },
  },
  pt: {
    required: 'obrigatório',
    optional: 'opcional',
    choose: 'Escolha uma opção',
    submit: 'Enviar',
    sending: 'A enviar …',
    failed: 'Não foi possível enviar. Verifique a ligação e tente de novo: nada se perde e nada é enviado duas vezes.',
    trap: 'Deixe em branco',
    thanks: { title: 'Obrigado', text: 'A sua mensagem chegou. Entraremos em contacto.' },
  },
}
