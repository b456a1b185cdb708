import type { JsonObject } from '../../lib/json.ts'
import { takeDuration } from '../speech/amounts.ts'
import type { Command } from '../speech/command.ts'
import { type Asked, ask } from '../speech/more-commands.ts'
import { Text } from '../speech/text.ts'
import { dayInWords, today, type Wall } from '../speech/when.ts'

/** A form that was sent, as the command that would have said the same. The matter was chosen: no words say it. */
export function commandOfForm(form: JsonObject, wall: Wall): Command | Asked {
  const text = (key: string) => (typeof form[key] === 'string' ? (form[key] as string) : '')
  const date = text('date')
  const matter = { names: [], certain: true }
  switch (text('kind')) {
    case 'time': {
      const duration = takeDuration(new Text(text('duration')))
      if (duration === null) return ask('How long was it? The form said no duration.')
      if ('question' in duration) return duration
      if (date > today(wall))
        return ask(`${dayInWords(date)} is still to come. Time is entered for today or a day before.`)
      return { kind: 'time', seconds: duration.value, date: date || today(wall), matter, note: text('text') }
    }
    case 'task': {
      if (date !== '' && date < today(wall)) return ask(`${dayInWords(date)} is past. When is the task due?`)
      const [name, ...more] = text('text').split('\n')
      return {
        kind: 'task',
        name: (name ?? '').slice(0, 250),
        ...(more.length > 0 && { description: text('text') }),
        due: date || null,
        matter,
        assignee: null,
        priority: 'Normal',
      }
    }
    case 'note':
    case 'communication':
      return { kind: text('kind') as 'note' | 'communication', matter, note: text('text') }
    case 'intake': {
      const { first, last, email, phone } = Object.fromEntries(
        ['first', 'last', 'email', 'phone'].map(key => [key, text(key) || null]),
      )
      return {
        kind: 'newClient',
        first: first ?? null,
        last: last ?? null,
        email: email ?? null,
        phone: phone ?? null,
        description: text('description'),
      }
    }
    default:
      return ask('This form is not known any more. Write the command instead.')
  }
}
