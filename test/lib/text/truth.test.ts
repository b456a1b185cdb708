import { expect, it } from 'vitest'
import { truthOf } from '../../../src/lib/text/truth.ts'

it.each([
  ...[
    'true',
    'Yes',
    'y',
    'on',
    '1',
    'x',
    '✓',
    '✔️',
    'checked',
    'Sí',
    'oui',
    'Ja',
    'да',
    'sim',
    'はい',
    '네',
    '是',
    'نعم',
    'có',
  ],
  ...[
    'I agree',
    'I agree to the terms',
    'Yes, please',
    'Yes - I agree',
    'Accepted',
    'Acepto',
    'I have read and accept this',
  ],
])('%s is yes', text => expect(truthOf(text)).toBe(true))

it.each([
  ...[
    'false',
    'No',
    'n',
    'off',
    '0',
    'unchecked',
    'non',
    'Nein',
    'нет',
    'não',
    'いいえ',
    '아니요',
    '否',
    'لا',
    'không',
  ],
  ...['No thanks', 'No, thank you'],
])('%s is no', text => expect(truthOf(text)).toBe(false))

it.each(['', 'maybe', 'not sure', 'N/A', '2', 'Yes, No', 'Nora', 'I do not agree', 'yesterday'])(
  '“%s” is neither',
  text => expect(truthOf(text)).toBeNull(),
)
