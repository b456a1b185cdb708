import type { FormDefinition } from '../sources/own-form/form-definition.ts'

/** What a hosted form says of itself, in its language. */
export interface Texts {
  readonly optional: string
  readonly choose: string
  readonly submit: string
  readonly sending: string
  readonly failed: string
  readonly trap: string
}

export const texts: Readonly<Record<FormDefinition['language'], Texts>> = {
  en: {
    optional: 'optional',
    choose: 'Please choose',
    submit: 'Send',
    sending: 'Sending …',
    failed:
      'It could not be sent. Please check your connection and try again: nothing is lost, and nothing is sent twice.',
    trap: 'Leave this empty',
  },
  es: {
    optional: 'opcional',
    choose: 'Elija una opción',
    submit: 'Enviar',
    sending: 'Enviando …',
    failed: 'No se pudo enviar. Compruebe su conexión e inténtelo de nuevo: no se pierde nada ni se envía dos veces.',
    trap: 'Deje esto vacío',
  },
  fr: {
    optional: 'facultatif',
    choose: 'Veuillez choisir',
    submit: 'Envoyer',
    sending: 'Envoi en cours …',
    failed: 'L’envoi a échoué. Vérifiez votre connexion et réessayez : rien n’est perdu ni envoyé deux fois.',
    trap: 'Laissez ce champ vide',
  },
  de: {
    optional: 'freiwillig',
    choose: 'Bitte wählen',
    submit: 'Absenden',
    sending: 'Wird gesendet …',
    failed:
      'Das Senden ist fehlgeschlagen. Bitte prüfen Sie die Verbindung und versuchen Sie es erneut: nichts geht verloren, nichts kommt doppelt an.',
    trap: 'Bitte leer lassen',
  },
  pt: {
    optional: 'opcional',
    choose: 'Escolha uma opção',
    submit: 'Enviar',
    sending: 'A enviar …',
    failed: 'Não foi possível enviar. Verifique a ligação e tente de novo: nada se perde e nada é enviado duas vezes.',
    trap: 'Deixe em branco',
  },
}
