import { styleText } from 'node:util'
import { describe, expect, it } from 'vitest'
import { steady } from '../../src/tools/terminal.ts'

describe('what somebody else wrote', () => {
  it.each([
    ['clears no screen', '\u001b[2Jgone', '[2Jgone'],
    ['names no window', '\u001b]0;owned\u0007x', ']0;ownedx'],
    ['goes back over no line', 'refused\rdone   ', 'refuseddone   '],
    ['begins no sequence in one sign', '\u009b2Jx', '2Jx'],
    ['turns no words around', 'pdf.\u202efdp.exe', 'pdf.fdp.exe'],
  ])('%s', (_, written, seen) => {
    expect(steady(written)).toBe(seen)
  })

  it('leaves our colours, lines and columns as they are', () => {
    const line = `${styleText('red', 'parked', { validateStream: false })}\tMüller, 山田\n    why`
    expect(steady(line)).toBe(line)
  })
})
