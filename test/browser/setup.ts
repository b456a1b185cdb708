import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { startDev } from '../../src/sandbox/run/dev.ts'
import { freePort } from '../../src/sandbox/run/local.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'

/** One Worker on this machine, a sandbox behind it, and one browser before it, for all files of this folder: each has firms of its own. */

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the Worker, the sandbox and the browser listen; null: there is no browser here. */
    standing: { url: string; sandbox: string; browser: string; token: string } | null
  }
}

/** Debian's Chromium (`apt-get install chromium`), or the one that CHROMIUM names. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!existsSync(executablePath)) {
    project.provide('standing', null)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'docketed-browser-'))
  const sandbox = await serveSandbox()
  // The pace is no part of what is shown here.
  sandbox.sandbox.limit = { requests: 5000, seconds: 60 }
  const port = (await freePort(8870)) as number
  const url = `http://127.0.0.1:${port}`
  const token = 'browser-test-token-which-nobody-guesses'
  const vars = {
    CLIO_GATEWAY_URL: `${sandbox.url}/clio`,
    MATON_CONTROL_URL: sandbox.url,
    MATON_API_KEY: sandbox.sandbox.key,
    SANDBOX_URL: sandbox.url,
    ADMIN_TOKEN: token,
    DATA_KEY: btoa('a data key of thirty-two bytes!!'),
    SETTLE_SECONDS: '2',
  }
  const dev = startDev({ port, folder, vars })
  const browser = await chromium.launchServer({ executablePath, args: quiet, host: '127.0.0.1' })
  project.provide('standing', { url, sandbox: sandbox.url, browser: browser.wsEndpoint(), token })
  return async () => {
    await browser.close()
    await dev.stop()
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
