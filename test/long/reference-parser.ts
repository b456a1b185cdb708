import { execFileSync } from 'node:child_process'

/**
 * The reference parser of OpenMetrics, which is Python's (https://github.com/prometheus/client_python): npm has none that is kept. Wants
 * python3 with pip, and the registry that pip asks.
 */

const parser = 'prometheus-client==0.26.0'

const script = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps([[f.name, f.type, f.unit or None, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]] for f in families]))
`

/** Name, type, unit, help, and of each sample its series, labels and value. */
export type Family = [
  name: string,
  type: string,
  unit: string | null,
  help: string,
  samples: [series: string, labels: Record<string, string>, value: number][],
]

/** Puts the parser into the folder. */
export function fetchReference(folder: string): void {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, parser]
  execFileSync('python3', pip, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** @param folder where the parser is @throws with its words, when it is not OpenMetrics */
export function readByReference(text: string, folder: string): Family[] {
  const env = { ...process.env, PYTHONPATH: folder }
  const options = { input: text, env, encoding: 'utf8', stdio: 'pipe' } as const
  return JSON.parse(execFileSync('python3', ['-c', script], options)) as Family[]
}
