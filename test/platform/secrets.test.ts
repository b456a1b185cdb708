import { describe, expect, it } from 'vitest'
import { isSecretName, resolveSecret, SecretError, seal, secretOption, unseal } from '../../src/platform/secrets.ts'

const dataKey = btoa('0123456789abcdef0123456789abcdef')
const otherKey = btoa('fedcba9876543210fedcba9876543210')

describe('a sealed secret', () => {
  it('opens for its firm and its name with the key that sealed it', async () => {
    for (const value of ['whsec_abc', '', 'ключ 🔑', 'x'.repeat(5000)]) {
      const sealed = seal(dataKey, 'smith', 'SLACK', value)
      expect(unseal(dataKey, 'smith', 'SLACK', sealed)).toBe(value)
    }
  })

  it('shows nothing of the value, and never looks the same twice', async () => {
    const [one, two] = [seal(dataKey, 'smith', 'SLACK', 'hello'), seal(dataKey, 'smith', 'SLACK', 'hello')]
    expect(one).not.toBe(two)
    expect(atob(one)).not.toContain('hello')
    expect(atob(one)).toHaveLength(12 + 5 + 16)
  })

  it('does not open elsewhere, changed, or with another key; the error says what to do and shows nothing', async () => {
    const sealed = seal(dataKey, 'smith', 'SLACK', 'hello')
    const changed = `${sealed.slice(0, -4)}${sealed.endsWith('AAA=') ? 'BBB=' : 'AAA='}`
    const tries = [
      () => unseal(dataKey, 'jones', 'SLACK', sealed),
      () => unseal(dataKey, 'smith', 'OTHER', sealed),
      () => unseal(otherKey, 'smith', 'SLACK', sealed),
      () => unseal(dataKey, 'smith', 'SLACK', changed),
      () => unseal(dataKey, 'smith', 'SLACK', 'not base64!'),
      () => unseal(dataKey, 'smith', 'SLACK', ''),
    ]
    for (const attempt of tries) {
      expect(attempt).toThrow(SecretError)
      expect(attempt).toThrow(/Store it again: PUT \/api\/firms\/(smith|jones)\/secrets\//)
    }
  })
})

describe('DATA_KEY', () => {
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['too short', btoa('short')],
    ['too long', btoa('0'.repeat(33))],
    ['not base64', '!'.repeat(44)],
    ['hexadecimal', '0'.repeat(64)],
  ])('that is %s is an error that says how to make one', async (_, key) => {
    expect(() => seal(key, 'smith', 'SLACK', 'x')).toThrow(/^DATA_KEY must be .*openssl rand -base64 32/)
    expect(() => unseal(key, 'smith', 'SLACK', 'x')).toThrow(SecretError)
  })

  it('may have a line break at its end, as a shell leaves it', async () => {
    const sealed = seal(`${dataKey}\n`, 'smith', 'SLACK', 'x')
    expect(unseal(dataKey, 'smith', 'SLACK', sealed)).toBe('x')
  })
})

describe('a name', () => {
  const env = {
    DATA_KEY: dataKey,
    ADMIN_TOKEN: 'admin',
    MATON_API_KEY: 'maton',
    SLACK: 'shared',
    EMPTY: '',
    KV: { get: () => null },
  }

  it("is first the firm's own, then the Worker's", async () => {
    const sealed = { SLACK: seal(dataKey, 'smith', 'SLACK', 'own') }
    expect(await resolveSecret(env, 'smith', sealed, 'SLACK')).toBe('own')
    expect(await resolveSecret(env, 'smith', {}, 'SLACK')).toBe('shared')
  })

  it('of nothing, of an empty text or of another binding is none', async () => {
    for (const name of ['OTHER', 'EMPTY', 'KV', 'slack', 'toString']) {
      expect(await resolveSecret(env, 'smith', {}, name), name).toBeNull()
    }
  })

  it("is never the operator's own, not even as a name of the firm's", async () => {
    for (const name of ['ADMIN_TOKEN', 'MATON_API_KEY', 'DATA_KEY']) {
      expect(isSecretName(name)).toBe(false)
      const sealed = { [name]: seal(dataKey, 'smith', name, 'own') }
      expect(await resolveSecret(env, 'smith', sealed, name), name).toBeNull()
    }
  })

  it("does not fall back to the Worker's when the firm's own does not open", async () => {
    const sealed = { SLACK: seal(otherKey, 'smith', 'SLACK', 'own') }
    await expect(resolveSecret(env, 'smith', sealed, 'SLACK')).rejects.toThrow(SecretError)
  })

  it('needs no DATA_KEY as long as nothing is sealed', async () => {
    expect(await resolveSecret({ SLACK: 'shared' }, 'smith', {}, 'SLACK')).toBe('shared')
  })

  it.each([
    ['$SLACK', true],
    [['$SLACK', '$SLACK_OLD'], true],
    ['SLACK', false],
    ['$', false],
    ['$1A', false],
    ['xoxb-1234', false],
    ['$DATA_KEY', false],
    [[], false],
    [['$SLACK', 'x'], false],
  ])('in a configuration: %j', (option, valid) => {
    expect(secretOption.safeParse(option).success).toBe(valid)
  })
})
