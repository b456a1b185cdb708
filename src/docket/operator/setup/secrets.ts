import { secretsNamed } from '../../../configuration/secrets-named.ts'
import { type Problem, problem } from '../../../lib/problem.ts'
import type { Caller } from '../../../model/access.ts'
import type { SecretView } from '../../../model/view/endpoint.ts'
import { seal } from '../../../platform/secrets.ts'
import { unknownFirm } from '../refusals.ts'
import type { SavingDeps } from '../saving.ts'

/** A firm's own secrets: written, forgotten and listed, and never read back. */

export interface SecretsDeps extends Pick<SavingDeps, 'env' | 'ledger' | 'access' | 'publish'> {
  readonly firm: string
  /** What could not be had for want of a secret is tried at once. */
  readonly stored: () => void
}

export async function putSecret(name: string, value: string, by: Caller, deps: SecretsDeps): Promise<null | Problem> {
  const { env, ledger, access, firm } = deps
  if (!ledger.made) return unknownFirm
  ledger.configs.putSecret(name, seal(env.DATA_KEY, firm, name, value), Date.now())
  access.note(by, { action: 'secret.stored', detail: name })
  deps.stored()
  await deps.publish()
  return null
}

export async function deleteSecret(name: string, by: Caller, deps: SecretsDeps): Promise<null | Problem> {
  const { ledger, access } = deps
  if (!ledger.made) return unknownFirm
  const known = ledger.configs.deleteSecret(name)
  if (known) access.note(by, { action: 'secret.forgotten', detail: name })
  await deps.publish()
  if (known) return null
  return problem(404, 'unknown-secret', 'No such secret', `The firm has stored no secret of the name ${name}.`)
}

/** Those that the firm has stored, and those that its configuration names: the Worker's may stand behind a name, too. */
export function secretsOf({ ledger }: SecretsDeps): { secrets: SecretView[] } | Problem {
  if (!ledger.made) return unknownFirm
  const mirror = ledger.configs.mirror()
  const named = secretsNamed(mirror?.document ?? null)
  const own = ledger.configs.datesOfSecrets()
  const names = [...new Set([...own.keys(), ...named.map(one => one.name)])].sort()
  const secrets = names.map((name): SecretView => {
    const at = own.get(name)
    const usedAt = named.filter(one => one.name === name).map(one => one.path)
    return { name, storedAt: at === undefined ? null : new Date(at).toISOString(), usedAt }
  })
  return { secrets }
}
