import { type Message, section } from './message.ts'

const examples: readonly (readonly [what: string, line: string])[] = [
  ['Time', 'time 1.5h 00123 call with opposing counsel'],
  ['Time, otherwise written', 'time 90m Alvarez drafted the reply yesterday'],
  ['An expense', 'expense 45.20 00123 filing fee'],
  ['A task', 'task "Draft reply" 00123 due friday @sam high'],
  ['A note', 'note 00123 The client prefers calls after five.'],
  ['A new contact', 'contact Jane Roe jane@roe.example +1 212 555 0143'],
  ['Find a matter', 'matter Roe'],
  ['Open a matter', 'matter open Jane Roe: Divorce'],
  ['An appointment', 'event tomorrow 3pm 45m 00123 Meeting with the client'],
  ['A new client, in a form', 'intake'],
  ['Your time of today', 'today'],
  ['Who you are in Clio', 'link me@firm.example'],
]

const lines = examples.map(([what, line]) => `• ${what}: \`${line}\``)

/** What can be typed. The order of words is free; a matter is meant by its number or its client's name. */
export const help: Message = {
  text: `What you can write:\n${examples.map(([what, line]) => `${what}: ${line}`).join('\n')}`,
  blocks: [
    section(`*What you can write behind the command*\n${lines.join('\n')}`),
    section(
      'Words may stand in any order. A matter is meant by its number or by its client’s name; when several fit, you choose. Durations: `1.5h` `90m` `1:30` `.3`. Without any words a form opens.',
    ),
  ],
}
