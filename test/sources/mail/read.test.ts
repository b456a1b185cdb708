import { describe, expect, it } from 'vitest'
import { fromBinary, utf8 } from '../../../src/lib/encoding.ts'
import { readMail } from '../../../src/sources/mail/read.ts'

const head = 'From: Jane <jane@mail.example>\r\nMIME-Version: 1.0\r\n'
const mixed = (...parts: string[]) =>
  `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.map(part => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
const plain = 'Content-Type: text/plain\r\n\r\n'

describe('a large mail', () => {
  it('is read with turns for everybody else', async () => {
    const file = `Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'A'.repeat(76)}\r\n`.repeat(80_000)}`
    let turns = 0
    const others = setInterval(() => turns++, 0)
    const mail = await readMail(utf8(mixed(`${plain}Hello`, file)))
    clearInterval(others)
    expect(mail?.text).toBe('Hello\n')
    expect(mail?.attachments[0]?.content).toHaveProperty('byteLength', 57 * 80_000)
    expect(turns).toBeGreaterThanOrEqual(5)
  })

  it('of more parts, lines or heads than any mail has is none', async () => {
    expect(await readMail(utf8(mixed(...Array<string>(3000).fill(plain))))).toBeNull()
    expect(await readMail(utf8(`${head}\r\n${'\n'.repeat(500_000)}`))).toBeNull()
    expect(await readMail(utf8(`${head}${'X-A: b\r\n'.repeat(50_000)}\r\n`))).toBeNull()
  })

  it('in an encoding that it does not declare is read line by line, however many there are', async () => {
    const mail = await readMail(fromBinary(`${head}\r\n${'caf\xe9\r\n'.repeat(150_000)}`))
    expect(mail?.text?.slice(0, 10)).toBe('café\ncafé\n')
  })
})
