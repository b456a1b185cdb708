import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Command, readCommand } from '../../../src/slack/speech/command.ts'
import type { Wanted } from '../../../src/slack/speech/matter-name.ts'

/** Tuesday, 24 November 2026, ten in the morning in New York. */
const wall = { now: Date.parse('2026-11-24T15:00:00Z'), timezone: 'America/New_York', country: 'US' }
const today = '2026-11-24'

/** `=00123`: said for certain. `~Roe|Acme`: words that could be a client's name, likeliest first. */
const matter = ({ names, certain }: Wanted) => `${certain ? '=' : '~'}${names.join('|')}`
const on = (date: string) => (date === today ? '' : `${date} `)

/** A command in a line; a question by its first sentence. */
function brief(command: ReturnType<typeof readCommand>): string {
  if ('question' in command) return `? ${/^.*?[.?](?= |$)/.exec(command.question)?.[0]}`
  switch (command.kind) {
    case 'time':
      return `time ${command.seconds / 60}m ${on(command.date)}${matter(command.matter)} ${command.note}`.trim()
    case 'expense':
      return `expense ${command.amount} ${on(command.date)}${matter(command.matter)} ${command.note}`.trim()
    case 'task':
      return `task [${command.name}] ${matter(command.matter)} ${command.due ?? '-'} ${whom(command)} ${command.priority}`
    case 'note':
      return `note ${matter(command.matter)} ${command.note}`
    case 'event':
      return `event [${command.summary}] ${matter(command.matter)} ${command.start.slice(0, 16)} ${command.end.slice(0, 16)}`
    default: {
      const { kind, ...said } = command
      const parts = Object.entries(said).filter(([, value]) => value !== null)
      return [kind, ...parts.map(([key, value]) => `${key}:${value}`)].join(' ')
    }
  }
}

function whom({ assignee }: Extract<Command, { kind: 'task' }>): string {
  if (assignee === null) return 'me'
  return 'id' in assignee ? `<${assignee.id}>` : `@${assignee.name}`
}

/** What people type, and how it is read. */
const lines: readonly (readonly [typed: string, read: string])[] = [
  ['time 1.5h 00123 call with opposing counsel', 'time 90m =00123 call with opposing counsel'],
  ['time 90m 00123 call with opposing counsel', 'time 90m =00123 call with opposing counsel'],
  ['time 1:30 00123 call with opposing counsel', 'time 90m =00123 call with opposing counsel'],
  ['time .3 00123 email to client', 'time 18m =00123 email to client'],
  ['time 0.3 00123 email to client', 'time 18m =00123 email to client'],
  ['time 1.5 00123 research', 'time 90m =00123 research'],
  ['time 1h 30m 00123 research', 'time 90m =00123 research'],
  ['time 1h30m 00123 research', 'time 90m =00123 research'],
  ['time 1h30 00123 research', 'time 90m =00123 research'],
  ['time 1 hour 15 minutes 00123 drafting', 'time 75m =00123 drafting'],
  ['time 45 min 00123 reviewed discovery', 'time 45m =00123 reviewed discovery'],
  ['time 2 hrs 00123 deposition prep', 'time 120m =00123 deposition prep'],
  ['time half an hour 00123 call', 'time 30m =00123 call'],
  ['time an hour and a half 00123 hearing', 'time 90m =00123 hearing'],
  ['time quarter of an hour 00123 voicemail', 'time 15m =00123 voicemail'],
  ['time 1,5h 00123 research', 'time 90m =00123 research'],
  ['time 1.5H 00123 Research', 'time 90m =00123 Research'],
  ['time 00123 1.5h call with opposing counsel', 'time 90m =00123 call with opposing counsel'],
  ['time call with opposing counsel 00123 1.5h', 'time 90m =00123 call with opposing counsel'],
  ['time call with opposing counsel 1.5h 00123', 'time 90m =00123 call with opposing counsel'],
  ['time 00123 call with opposing counsel for 90 minutes', 'time 90m =00123 call with opposing counsel'],
  ['1.5h 00123 call with opposing counsel', 'time 90m =00123 call with opposing counsel'],
  ['90m 00123 call', 'time 90m =00123 call'],
  ['.3 00123 email', 'time 18m =00123 email'],
  ['1:30 00123 drafting', 'time 90m =00123 drafting'],
  ['00123 1.5h research', 'time 90m =00123 research'],
  ['00123 time 1.5h research', 'time 90m =00123 research'],
  ['Time: 1h 00123 call', 'time 60m =00123 call'],
  ['TIME 1H 00123 CALL', 'time 60m =00123 CALL'],
  ['t 1h 00123 call', 'time 60m =00123 call'],
  ['log 1h 00123 call', 'time 60m =00123 call'],
  ['bill 2.25 00123 drafting motion', 'time 135m =00123 drafting motion'],
  ['time 1h 00123-Alvarez call', 'time 60m =00123-Alvarez call'],
  ['time 1h 2026-00123 call', 'time 60m =2026-00123 call'],
  ['time 1h SMI-0042 call', 'time 60m =SMI-0042 call'],
  ['time 1h #123 call', 'time 60m =123 call'],
  ['time 1h 123 call', 'time 60m =123 call'],
  ['time 1h matter 123 call', 'time 60m =123 call'],
  ['time 1h on matter 00123 call', 'time 60m =00123 call'],
  ['time 1h for 00123 call', 'time 60m =00123 call'],
  ['time 1h alvarez call with opposing counsel', 'time 60m ~alvarez alvarez call with opposing counsel'],
  ['time 1h Alvarez: call with opposing counsel', 'time 60m =Alvarez call with opposing counsel'],
  ['time 1h Alvarez - call with opposing counsel', 'time 60m =Alvarez call with opposing counsel'],
  ['time 1h "Harbor Freight" lease review', 'time 60m =Harbor Freight lease review'],
  ['time 1h Harbor Freight: lease review', 'time 60m =Harbor Freight lease review'],
  ['time 1h “Harbor Freight” lease review', 'time 60m =Harbor Freight lease review'],
  ['time 1h call with opposing counsel for Alvarez', 'time 60m ~Alvarez call with opposing counsel for Alvarez'],
  ['time 1h reviewed form 1040 for Alvarez', 'time 60m ~Alvarez|1040 reviewed form 1040 for Alvarez'],
  ["time 1h O'Brien call", "time 60m ~O'Brien O'Brien call"],
  ['time 1h 00123 "call with counsel"', 'time 60m =00123 call with counsel'],
  ['time 1.5h 00123 3 emails to client', 'time 90m =00123 3 emails to client'],
  ['time 1h 00123 30 emails to client', 'time 60m =00123 30 emails to client'],
  ['time 1.5h 30 pages read 00123', 'time 90m =00123 30 pages read'],
  ['time 1h 30 00123 research', 'time 90m =00123 research'],
  ['time 1h 3 00123 research', 'time 60m =00123 3 research'],
  ['time 1h 00123\u2011Alvarez call', 'time 60m =00123-Alvarez call'],
  ['time 1h\u200b 00123\ufeff call', 'time 60m =00123 call'],
  ['/clio time 1h 00123 call', 'time 60m =00123 call'],
  ['time 1h 00123 call <!date^1795154400^{date_num}|11/20/2026>', 'time 60m 2026-11-20 =00123 call'],
  ['expense 12 miles 00123', '? How much was it?'],
  ['expense filing fee for 3 documents 45 00123', 'expense 45 =00123 filing fee for 3 documents'],
  ['expense 10.00 00123 parking $2.50/hr', 'expense 10 =00123 parking $2.50/hr'],
  ['expense 1 250,00 00123 expert', '? How much was it in all?'],
  ['expense copies 200 @ .10 00123', '? How much was it in all?'],
  ['time 9:00-10:30 00123 deposition', 'time 90m =00123 deposition'],
  ['time 3pm-4:30pm 00123 deposition', 'time 90m =00123 deposition'],
  ['time from 11 to 1:15pm 00123 deposition', 'time 135m =00123 deposition'],
  ['time 00123 trial 9am to 5pm', 'time 480m =00123 trial'],
  ['time 1:30 - 3 calls 00123', 'time 90m =00123 3 calls'],
  ['time 0.5 00123 call at 9:15', 'time 30m =00123 call at 9:15'],
  ['time 1.5h 00123 deposition 9:00-10:30', 'time 90m =00123 deposition 9:00-10:30'],
  ['time 1h, 00123, call', 'time 60m =00123 call'],
  ['time 1h - 00123 - call', 'time 60m =00123 call'],
  ['task draft reply 00123 due asap', 'task [draft reply] =00123 - me High'],
  ['event tomorrow at 3 00123 call', '? At 03:00 in the morning, or in the afternoon?'],
  ['event tomorrow at 9 00123 call', 'event [call] =00123 2026-11-25T14:00 2026-11-25T15:00'],
  ['event tomorrow 03:00 00123 call', 'event [call] =00123 2026-11-25T08:00 2026-11-25T09:00'],
  ['contact Jane Roe cell 212 555 0147', 'contact first:Jane last:Roe phone:212 555 0147'],
  [
    'contact Jane Roe email: jane@x.example phone: (212) 555-0147',
    'contact first:Jane last:Roe email:jane@x.example phone:(212) 555-0147',
  ],
  ['contact Jane Roe tel.: +1 212 555 0147', 'contact first:Jane last:Roe phone:+1 212 555 0147'],
  ['contact Acme, Inc. <http://acme.example|acme.example>', 'contact company:Acme, Inc.'],
  ['contact Roe, Jane, Jr.', 'contact first:Jane last:Roe Jr.'],
  ['expense 12 miles 8.04 00123', 'expense 8.04 =00123 12 miles'],
  ['task call client tomorrow 9am 00123', 'task [call client] =00123 2026-11-25 me Normal'],
  ['task file the motion friday #00123', 'task [file the motion] =00123 2026-11-27 me Normal'],
  [
    'task file answer 00123 due <!date^1796083200^{date}|Dec 1, 2026>',
    'task [file answer] =00123 2026-12-01 me Normal',
  ],
  ['event 12/1 3pm PST 00123 Mediation', 'event [Mediation] =00123 2026-12-01T23:00 2026-12-02T00:00'],
  ['event 12/1 9-10:30am (CT) 00123 Mediation', 'event [Mediation] =00123 2026-12-01T15:00 2026-12-01T16:30'],
  ['event 12/1 15:00 UTC 00123 Mediation', 'event [Mediation] =00123 2026-12-01T15:00 2026-12-01T16:00'],
  ['event 7/1/2027 3pm EST 00123 Mediation', 'event [Mediation] =00123 2027-07-01T19:00 2027-07-01T20:00'],
  ['time 1h 00123', 'time 60m =00123'],
  ['time 1h Alvarez', 'time 60m ~Alvarez Alvarez'],
  ['time 1h 00123 Smith &amp; Partners v. Jones', 'time 60m =00123 Smith & Partners v. Jones'],
  ['time yesterday 1h 00123 research', 'time 60m 2026-11-23 =00123 research'],
  ['time 1h 00123 research yesterday', 'time 60m 2026-11-23 =00123 research'],
  ['time 1h yesterday 00123 research', 'time 60m 2026-11-23 =00123 research'],
  ['time 1h 00123 research last friday', 'time 60m 2026-11-20 =00123 research'],
  ['time 1h 00123 research 11/20', 'time 60m 2026-11-20 =00123 research'],
  ['time 1h 00123 research on nov 20', 'time 60m 2026-11-20 =00123 research'],
  ['time 1h 00123 research 2026-11-20', 'time 60m 2026-11-20 =00123 research'],
  ['time monday 1h 00123 research', 'time 60m 2026-11-23 =00123 research'],
  ['time 1h 00123 research 3 days ago', 'time 60m 2026-11-21 =00123 research'],
  ['time 1h 00123 prepared for hearing on friday', 'time 60m =00123 prepared for hearing on friday'],
  ['time 1h 00123 call about the hearing on 11/20', 'time 60m =00123 call about the hearing on 11/20'],
  ['time 1h 00123 call at 3pm', 'time 60m =00123 call at 3pm'],
  ['time 1h 00123 research today', 'time 60m =00123 research'],
  ['time tomorrow 1h 00123 research', '? Wed 25 Nov 2026 is still to come.'],
  ['time 1h 00123 research tomorrow', '? Wed 25 Nov 2026 is still to come.'],
  ['time 0h 00123 call', '? That is no time at all.'],
  ['time 0 00123 call', '? That is no time at all.'],
  ['time 0:00 00123 call', '? That is no time at all.'],
  ['time 0.0 00123 call', '? That is no time at all.'],
  ['time 25h 00123 call', '? That is more than a day has.'],
  ['time 24h 00123 trial', 'time 1440m =00123 trial'],
  ['time 1500m 00123 call', '? That is more than a day has.'],
  ['time -1h 00123 call', '? Time cannot be less than nothing.'],
  ['time 2 00123 call', '? Is “2” hours or minutes?'],
  ['time 90 00123 call', '? Is “90” minutes?'],
  ['time 00123 call', '? How long was it?'],
  ['time 1h', '? Which matter?'],
  ['time 1h call with counsel', '? Which matter?'],
  ['time', '? How long was it?'],
  ['expense 45.20 00123 filing fee', 'expense 45.2 =00123 filing fee'],
  ['expense $45.20 00123 filing fee', 'expense 45.2 =00123 filing fee'],
  ['expense $45 00123 filing fee', 'expense 45 =00123 filing fee'],
  ['expense 45 00123 filing fee', 'expense 45 =00123 filing fee'],
  ['expense 00123 45.20 filing fee', 'expense 45.2 =00123 filing fee'],
  ['expense filing fee 45.20 00123', 'expense 45.2 =00123 filing fee'],
  ['expense filing fee 00123 $1,234.50', 'expense 1234.5 =00123 filing fee'],
  ['expense 45,20 00123 parking', 'expense 45.2 =00123 parking'],
  ['expense 120 alvarez travel', 'expense 120 ~alvarez alvarez travel'],
  ['expense 120 USD 00123 travel', 'expense 120 =00123 travel'],
  ['expense 45.20 00123 parking yesterday', 'expense 45.2 2026-11-23 =00123 parking'],
  ['exp 12 00123 copies', 'expense 12 =00123 copies'],
  ['cost 12.5 00123 copies', 'expense 12.5 =00123 copies'],
  ['$45.20 00123 filing fee', 'expense 45.2 =00123 filing fee'],
  ['expense €45 00123 Übersetzung', 'expense 45 =00123 Übersetzung'],
  ['expense 0 00123 copies', '? That is no money at all.'],
  ['expense 0.00 00123 copies', '? That is no money at all.'],
  ['expense -5 00123 copies', '? An expense cannot be less than nothing.'],
  ['expense 45.205 00123 copies', '? “45.205” has more than two decimals.'],
  ['expense 2000000 00123 settlement', '? That is more than a million.'],
  ['expense 00123 filing fee', '? How much was it?'],
  ['expense 45.20', '? Which matter?'],
  ['expense', '? How much was it?'],
  ['task "Draft reply" 00123 due friday @sam high', 'task [Draft reply] =00123 2026-11-27 @sam High'],
  ['task Draft reply 00123 due friday @sam high', 'task [Draft reply] =00123 2026-11-27 @sam High'],
  [
    'task Draft reply due friday <@U012ABCDEF|sam> 00123 high',
    'task [Draft reply] =00123 2026-11-27 <U012ABCDEF> High',
  ],
  ['task high Draft reply 00123 due friday to @sam', 'task [Draft reply] =00123 2026-11-27 @sam High'],
  ['task "Draft reply" due friday 00123', 'task [Draft reply] =00123 2026-11-27 me Normal'],
  ['task 00123 file motion by 12/1 urgent', 'task [file motion] =00123 2026-12-01 me High'],
  ['task 00123 file motion due 12/1/2026', 'task [file motion] =00123 2026-12-01 me Normal'],
  ['task 00123 file motion due 2026-12-01', 'task [file motion] =00123 2026-12-01 me Normal'],
  ['task 00123 file motion by dec 1', 'task [file motion] =00123 2026-12-01 me Normal'],
  ['task call the court tomorrow', 'task [call the court] ~ 2026-11-25 me Normal'],
  ['task call Alvarez back tomorrow', 'task [call Alvarez back] ~Alvarez 2026-11-25 me Normal'],
  ['task review high court filing 00123', 'task [review high court filing] =00123 - me Normal'],
  [
    'task Draft reply for Alvarez due in 3 days low priority',
    'task [Draft reply for Alvarez] ~Alvarez 2026-11-27 me Low',
  ],
  ['task asap 00123 send letter to client', 'task [send letter to client] =00123 - me High'],
  ['task priority high 00123 send letter', 'task [send letter] =00123 - me High'],
  ['task 00123 send letter !high', 'task [send letter] =00123 - me High'],
  ['todo send invoice next week to @sam', 'task [send invoice] ~ 2026-12-01 @sam Normal'],
  ['to-do send invoice 00123 in two weeks', 'task [send invoice] =00123 2026-12-08 me Normal'],
  ['task 00123 send invoice due end of month', 'task [send invoice] =00123 2026-11-30 me Normal'],
  ['task 00123 call client by eod', 'task [call client] =00123 2026-11-24 me Normal'],
  ['task 00123 finish brief by end of week', 'task [finish brief] =00123 2026-11-27 me Normal'],
  ['task 00123 prep witness due friday 5pm', 'task [prep witness] =00123 2026-11-27 me Normal'],
  ['task 00123 prep witness due next monday', 'task [prep witness] =00123 2026-11-30 me Normal'],
  ['task 00123 send letter ina@smith.example', 'task [send letter] =00123 - @ina@smith.example Normal'],
  [
    'task 00123 check deadline of 2026-11-20 letter due monday',
    'task [check deadline of 2026-11-20 letter] =00123 2026-11-30 me Normal',
  ],
  ['task Prepare for trial', 'task [Prepare for trial] ~ - me Normal'],
  ['task due yesterday 00123 file motion', '? Mon 23 Nov 2026 is past.'],
  ['task 00123 file motion due nov 20', '? Fri 20 Nov 2026 is past.'],
  ['task 00123 file motion due blursday', '? When is it due?'],
  ['task 00123 due friday', '? What is to be done?'],
  ['task', '? What is to be done?'],
  ['remind call Jane friday', 'task [call Jane] ~Jane 2026-11-27 me Normal'],
  ['note 00123 The client prefers calls after five.', 'note =00123 The client prefers calls after five.'],
  ['note Alvarez: prefers e-mail', 'note =Alvarez prefers e-mail'],
  ['note alvarez prefers e-mail', 'note ~alvarez alvarez prefers e-mail'],
  ['note #123 called on 11/20, no answer', 'note =123 called on 11/20, no answer'],
  ['note "Harbor Freight": lease expires in March', 'note =Harbor Freight lease expires in March'],
  ['n 00123 settled for $45,000', 'note =00123 settled for $45,000'],
  ['note 00123', '? What is the note?'],
  ['note', '? Which matter?'],
  [
    'contact Jane Roe jane@roe.example +1 212 555 0143',
    'contact first:Jane last:Roe email:jane@roe.example phone:+1 212 555 0143',
  ],
  ['contact jane@roe.example Jane Roe', 'contact first:Jane last:Roe email:jane@roe.example'],
  ['contact Jane Roe <mailto:jane@roe.example|jane@roe.example>', 'contact first:Jane last:Roe email:jane@roe.example'],
  ['contact Jane Roe <tel:+12125550143|(212) 555-0143>', 'contact first:Jane last:Roe phone:(212) 555-0143'],
  ['contact Jane van der Roe (212) 555-0143', 'contact first:Jane last:van der Roe phone:(212) 555-0143'],
  ['contact "Jane Roe" at Acme Inc.', 'contact first:Jane last:Roe company:Acme Inc.'],
  ['new contact Jane Roe', 'contact first:Jane last:Roe'],
  ['contact company Acme Inc. office@acme.example', 'contact company:Acme Inc. email:office@acme.example'],
  ['contact Roe, Jane', 'contact first:Jane last:Roe'],
  ['contact jane@roe.example', '? What is the person called?'],
  ['contact', '? What is the person called?'],
  ['matter 00123', 'find query:00123'],
  ['matter roe', 'find query:roe'],
  ['matter find roe', 'find query:roe'],
  ['find roe', 'find query:roe'],
  ['matter open Jane Roe: Divorce', 'open client:Jane Roe description:Divorce'],
  ['matter open "Jane Roe" Divorce', 'open client:Jane Roe description:Divorce'],
  ['matter new for Jane Roe - Estate plan', 'open client:Jane Roe description:Estate plan'],
  ['matter open Jane Roe', '? For whom, and what about?'],
  ['matter', '? Which matter?'],
  [
    'event tomorrow 3pm 45m 00123 Meeting with the client',
    'event [Meeting with the client] =00123 2026-11-25T20:00 2026-11-25T20:45',
  ],
  [
    'event 00123 Meeting with the client tomorrow at 3pm for 45 minutes',
    'event [Meeting with the client] =00123 2026-11-25T20:00 2026-11-25T20:45',
  ],
  ['event tomorrow 15:00 00123 Meeting', 'event [Meeting] =00123 2026-11-25T20:00 2026-11-25T21:00'],
  ['event 3pm-4:30pm tomorrow Call Alvarez', 'event [Call Alvarez] ~Alvarez 2026-11-25T20:00 2026-11-25T21:30'],
  ['event dec 1 10:30am 1h 00123 Mediation', 'event [Mediation] =00123 2026-12-01T15:30 2026-12-01T16:30'],
  ['event friday at noon lunch with @sam', 'event [lunch with @sam] ~ 2026-11-27T17:00 2026-11-27T18:00'],
  ['meeting friday 9am 00123 "Case review"', 'event [Case review] =00123 2026-11-27T14:00 2026-11-27T15:00'],
  ['event tomorrow 3pm', 'event [Meeting] ~ 2026-11-25T20:00 2026-11-25T21:00'],
  ['event tomorrow 00123 hearing', '? At what time on Wed 25 Nov 2026?'],
  ['event 00123 hearing', '? When is it?'],
  ['event yesterday 3pm 00123 hearing', '? That is past.'],
  ['event today 9am 00123 hearing', '? That is past.'],
  ['event', '? When is it?'],
  ['intake', 'intake'],
  ['today', 'today'],
  ['help', 'help'],
  ['?', 'help'],
  ['link me@firm.example', 'link email:me@firm.example'],
  ['link 12345678', 'code code:12345678'],
  ['link', '? Who are you in Clio?'],
  ['tiem 1h 00123 call', '? I do not know “tiem”.'],
  ['taks Draft reply', '? I do not know “taks”.'],
  ['hello there', '? I do not know “hello”.'],
  ['00123', 'find query:00123'],
  ['new matter Jane Roe: Divorce', 'open client:Jane Roe description:Divorce'],
  ['open a matter for Jane Roe: Divorce', 'open client:Jane Roe description:Divorce'],
  ['add a task Draft reply 00123', 'task [Draft reply] =00123 - me Normal'],
  ['event 15:00 tomorrow 00123 Meeting', 'event [Meeting] =00123 2026-11-25T20:00 2026-11-25T21:00'],
  ['time 1h 00123 yesterday research', 'time 60m 2026-11-23 =00123 research'],
  ['time 1h 00123. Call with counsel', 'time 60m =00123 Call with counsel'],
  ['time 1h 00123: call', 'time 60m =00123 call'],
  [
    'time 1h call with Bob: discussed the offer, for Alvarez',
    'time 60m ~Alvarez|Bob call with Bob: discussed the offer, for Alvarez',
  ],
  ['time 1h 00123 reviewed 12:30 voicemail', 'time 60m =00123 reviewed 12:30 voicemail'],
  ['time from 9am 1h 00123 trial', 'time 60m =00123 from 9am trial'],
  ['task 00123 send letter, due: friday', 'task [send letter] =00123 2026-11-27 me Normal'],
  ['note 00123 “agreed” – will call', 'note =00123 agreed - will call'],
  // What Slack makes markup of is what people read.
  ['time 1h 00123 call with <@U012ABCDEF|sam> re lease', 'time 60m =00123 call with sam re lease'],
  ['time 1h 00123 call with <@U012ABCDEF> re lease', 'time 60m =00123 call with <@U012ABCDEF> re lease'],
  ['time 1h 00123 reviewed <#C123ABC|smith-v-roe> thread', 'time 60m =00123 reviewed #smith-v-roe thread'],
  ['time 1h 00123 reviewed <#C123ABC|> thread', 'time 60m =00123 reviewed a channel thread'],
  ['time 1h <#C123ABC|roe> reviewed for Alvarez', 'time 60m ~Alvarez #roe reviewed for Alvarez'],
  ['note 00123 <!here> settled', 'note =00123 @here settled'],
  ['note 00123 <!subteam^S1|@litigation> told', 'note =00123 @litigation told'],
  ['note 00123 hearing <!date^1392734382^{date}|Feb 18, 2014>', 'note =00123 hearing Feb 18, 2014'],
  [
    'note 00123 see <https://court.example/docket?a=1|the docket> and <https://x.example>',
    'note =00123 see the docket and https://x.example',
  ],
  ['note 00123 "as <@U012ABCDEF|sam> said"', 'note =00123 as sam said'],
  ['note 00123 x &lt; y', 'note =00123 x < y'],
  ['task <@U012ABCDEF|sam> call <@U034GHIJKL|kim> 00123', 'task [call kim] =00123 - <U012ABCDEF> Normal'],
  ['task ask in <#C123ABC|intake> 00123 for <@U012ABCDEF|sam>', 'task [ask in #intake] =00123 - <U012ABCDEF> Normal'],
  // A short number behind a duration is the matter's.
  ['time 90m 61 review', 'time 90m ~61 61 review'],
  ['time 1.5h 61 review', 'time 90m ~61 61 review'],
  ['time .5 61 review', 'time 30m ~61 61 review'],
  ['time 2h 45m 61 review', 'time 165m ~61 61 review'],
  ['time 1h 61 review', 'time 60m ~61 61 review'],
  ['time 1h 30 00123 review', 'time 90m =00123 review'],
  ['expense 45.20 61 filing fee', 'expense 45.2 ~61 61 filing fee'],
  ['time 90m 15 emails to client', '? Which matter?'],
  ['time 90m 61 review for Alvarez', 'time 90m ~61|Alvarez 61 review for Alvarez'],
  // Quoted words are a matter where one stands, else what the work was about.
  ['time 1h reviewed "Harbor Freight lease" 00123', 'time 60m =00123 reviewed Harbor Freight lease'],
  [
    'time 1h reviewed "notice of default" for Alvarez',
    'time 60m ~notice of default|Alvarez reviewed notice of default for Alvarez',
  ],
  ['time 1h "call with counsel" for Alvarez', 'time 60m ~Alvarez call with counsel for Alvarez'],
  ['time 1h for "Harbor Freight" lease review', 'time 60m =Harbor Freight lease review'],
  ['time 1h lease review for "Harbor Freight"', 'time 60m =Harbor Freight lease review'],
  ['expense 12 "copies for court" Alvarez', 'expense 12 ~copies for court|copies|Alvarez copies for court Alvarez'],
  // A day that does not exist is asked back, never left out.
  ['time 1h on 2/30 00123 review', '? There is no 2/30.'],
  ['time 2/30 1h 00123 review', '? There is no 2/30.'],
  ['time 1h 00123 review 2/30', '? There is no 2/30.'],
  ['time 1h 00123 review on feb 30', '? There is no feb 30.'],
  ['time 1h 2026-02-30 00123 review', '? There is no 2026-02-30.'],
  ['time 1h 00123 review 31 april', '? There is no 31 april.'],
  ['time 1h 00123 review 4/31/26', '? There is no 4/31/26.'],
  ['expense 45.20 on 11/31 00123 parking', '? There is no 11/31.'],
  ['time 1h 00123 review 10/31', 'time 60m 2026-10-31 =00123 review'],
  ['time 1h 00123 drafted 24/7 clause', 'time 60m =00123 drafted 24/7 clause'],
  ['time 1h 00123 split 50/50', 'time 60m =00123 split 50/50'],
  ['time 1h 00123 letter of 2/30 about the lease', 'time 60m =00123 letter of 2/30 about the lease'],
  ['task "Draft reply" 00123 due 2/30', '? There is no 2/30.'],
  ['task file motion 00123 by feb 30', '? There is no feb 30.'],
  ['event 2/30 3pm 00123 hearing', '? There is no 2/30.'],
  ['event 3pm on 11/31 00123 hearing', '? There is no 11/31.'],
  // Companies have no family name.
  ['contact Acorn Widgets, LLC', 'contact company:Acorn Widgets, LLC'],
  ['contact Acorn Widgets LLC office@acorn.example', 'contact company:Acorn Widgets LLC email:office@acorn.example'],
  ['contact Smith & Co. 212 555 0147', 'contact company:Smith & Co. phone:212 555 0147'],
  ['contact Maria Sa', 'contact first:Maria last:Sa'],
]

describe('a command line', () => {
  it('is a long table', () => expect(lines.length).toBeGreaterThanOrEqual(120))
  it.each(lines)('%s', (typed, read) => expect(brief(readCommand(typed, wall))).toBe(read))

  it('is read on the clock of who types it', () => {
    const late = { ...wall, now: Date.parse('2026-11-25T03:00:00Z') }
    expect(readCommand('time 1h 00123', late)).toMatchObject({ date: '2026-11-24' })
    expect(readCommand('time 1h 00123', { ...late, timezone: 'Asia/Tokyo' })).toMatchObject({ date: '2026-11-25' })
    expect(readCommand('event tomorrow 9am 00123 Hearing', { ...late, timezone: 'Asia/Tokyo' })).toMatchObject({
      start: '2026-11-26T00:00:00.000Z',
    })
  })

  it('of a day on which the clocks change is what the clock on the wall shows', () => {
    const before = { ...wall, now: Date.parse('2027-03-13T15:00:00Z') }
    expect(readCommand('event tomorrow 9am 00123 Hearing', before)).toMatchObject({ start: '2027-03-14T13:00:00.000Z' })
  })

  it('has the month first where people write it so, and the day first elsewhere', () => {
    expect(readCommand('task 00123 reply due 12/1', wall)).toMatchObject({ due: '2026-12-01' })
    expect(readCommand('task 00123 reply due 12/1', { ...wall, country: 'GB' })).toMatchObject({ due: '2027-01-12' })
  })

  it('is a command or a question, whatever is typed', () => {
    const word = fc.constantFrom(
      ...'time expense task note contact matter event 1.5h 90m 0 -1 .3 $5 00123 due friday tomorrow 3pm @sam " “ : - <@U1> high Roe #1 12/1 99999999999'.split(
        ' ',
      ),
    )
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(word, { maxLength: 12 }).map(all => all.join(' ')),
    )
    fc.assert(
      fc.property(typed, text => {
        const read = readCommand(text, wall)
        expect('question' in read ? read.question.length : read.kind.length).toBeGreaterThan(3)
      }),
      { numRuns: 500 },
    )
  })

  it('of the greatest length is read at once, however it is made', { timeout: 20_000 }, () => {
    for (const piece of ['a', '0', '0.', '-', '1h ', 'a.', '00123-', '@', '(1) ', '1,1', 'for ', '"', 'due '])
      for (const verb of ['time', 'expense', 'task', 'note', 'contact', 'matter', 'event', ''])
        expect(readCommand(`${verb} ${piece.repeat(4000 / piece.length)}!`, wall)).toBeDefined()
  })
})
