import { expect, it } from 'vitest'
import { saysNothing } from '../../../src/lib/text/nothing.ts'

it.each([
  'N/A',
  'n/a',
  'n.a.',
  'None',
  'none.',
  'NIL',
  '-',
  '--',
  '—',
  '',
  '  ',
  '.',
  'not applicable',
  'Ninguno',
  'no aplica',
  'Keine',
  'aucun',
  'нет',
  'なし',
  '없음',
  'không',
  '-- Select --',
  '--None--',
  '(none)',
  'Please select',
  '…',
  '#N/A',
  'undefined',
  'not provided',
  '0000-00-00',
  '0001-01-01T00:00:00',
  'mm/dd/yyyy',
])('%s says that there is none', text => expect(saysNothing(text)).toBe(true))

it.each(['no', 'unknown', 'not sure', '?', '0', '2026-03-05', 'Nora', 'none of these', 'n'.repeat(41)])(
  '%s says something',
  text => expect(saysNothing(text)).toBe(false),
)
