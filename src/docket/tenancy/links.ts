import { resourceNamed } from '../../clio/contract/index.ts'
import type { Configuration } from '../../configuration/configuration.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import { meantPerhaps } from '../../lib/text/nearest.ts'
import type { KnownLink } from '../../model/tenancy/firm.ts'
import type { Ledger } from '../ledger/ledger.ts'

/**
 * Writes down what another tool made: a later event of the subject finds the record as the link that a rule of the firm makes. All of
 * them or none.
 */
export function learn(links: readonly KnownLink[], configuration: Configuration, ledger: Ledger): number | Problem {
  const errors = links.flatMap((link, at) =>
    faultsOf(link, configuration).map(({ key, message }) => ({ path: `links[${at}].${key}`, message })),
  )
  if (errors.length > 0) return unfit(errors.slice(0, 100))
  ledger.transaction(() => {
    for (const { endpoint, subject, link, resource, id } of links) {
      const { thread } = ledger.subjects.join(endpoint, subject, null)
      ledger.links.learn(endpoint, thread, { name: link, resource, record: String(id) })
    }
  })
  return links.length
}

function faultsOf(
  { endpoint, link, resource, id }: KnownLink,
  { endpoints, rules }: Configuration,
): { key: string; message: string }[] {
  if (!endpoints[endpoint]) return [{ key: 'endpoint', message: unknown('endpoint', endpoint, Object.keys(endpoints)) }]
  const making = rules
    .filter(({ on }) => on.endpoint === undefined || [on.endpoint].flat().includes(endpoint))
    .flatMap(({ steps }) => Object.values(steps))
    .flatMap(step =>
      step.link === undefined ? [] : [{ link: step.link, resource: step.create ?? step.upsert ?? step.find }],
    )
  const found = making.find(one => one.link === link)
  if (!found) {
    const names = making.map(one => one.link)
    return [{ key: 'link', message: `${unknown('link', link, names)} A rule of this endpoint has to make it` }]
  }
  if (!resourceNamed(resource) || found.resource !== resource)
    return [{ key: 'resource', message: `The link '${link}' is of ${found.resource}, as its rule says` }]
  return /^[1-9]\d{0,18}$/.test(String(id)) ? [] : [{ key: 'id', message: 'The id of a record in Clio is a number' }]
}

const unknown = (what: string, name: string, names: readonly string[]): string =>
  `There is no ${what} '${name}'.${meantPerhaps(name, names)}`

const unfit = (errors: { path: string; message: string }[]) =>
  problem(
    422,
    'links-unfit',
    'The links do not fit the configuration',
    'Nothing was written. Fix the entries in "errors" and send all of them again.',
    { errors },
  )
