import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contactOf, listens, type Peer, run } from './peer.ts'

/** Node-RED: a form in, answered 202 at once; and a request to Clio. https://nodered.org/docs/user-guide/ */
export const nodeRed: Peer = {
  name: 'Node-RED',
  packages: ['node-red@5.0.7'],
  idHeader: null,
  async start({ folder, port, contacts, headers }) {
    const make = `const answers = msg.payload; msg.payload = ${contactOf}; msg.headers = ${JSON.stringify({ ...headers, 'content-type': 'application/json' })}; return msg`
    const node = (id: string, type: string, wires: string[][], more: object) => ({ id, type, z: 'tab', wires, ...more })
    const flows = [
      { id: 'tab', type: 'tab', label: 'intake' },
      node('in', 'http in', [['answer', 'make']], { url: '/in', method: 'post' }),
      node('ready', 'http in', [['answer']], { url: '/ready', method: 'get' }),
      node('answer', 'http response', [], { statusCode: '202' }),
      node('make', 'function', [['clio']], { func: make, outputs: 1 }),
      node('clio', 'http request', [[]], { method: 'POST', url: contacts, ret: 'obj' }),
    ]
    await writeFile(join(folder, 'flows.json'), JSON.stringify(flows))
    const settings = `module.exports = { flowFile: 'flows.json', uiHost: '127.0.0.1', logging: { console: { level: 'warn' } } }`
    await writeFile(join(folder, 'settings.cjs'), settings)
    const script = join(folder, 'node_modules/node-red/red.js')
    const args = [script, '--userDir', folder, '--settings', join(folder, 'settings.cjs'), '--port', String(port)]
    const { kill } = run(folder, process.execPath, args)
    await listens(port)
    // It listens before its flows stand.
    const ready = () => fetch(`http://127.0.0.1:${port}/ready`).catch(() => null)
    while (!(await ready())?.ok) await new Promise(resolve => setTimeout(resolve, 100))
    return { form: `http://127.0.0.1:${port}/in`, kill }
  },
}
