/** The attacks that were tried, as data: the table of SECURITY.md is made of it, and a test that is gone makes the check red. */

export interface Attack {
  readonly tried: string
  /** What holds it, as whoever tries it meets it. */
  readonly holds: string
  /** Tests that show it: the file below `test/`, and titles in it. */
  readonly shown: Readonly<Record<string, readonly string[]>>
}

export const attacks: readonly Attack[] = [
  {
    tried: 'every call of the API, by nobody, viewer, operator, admin, another firm’s admin, vendor',
    holds: '401, 403 or 404; a new call cannot be forgotten, for the matrix is made from the route table',
    shown: {
      'api/roles.test.ts': [
        'lets in nobody without a token',
        'lets in a %s as far as the table says',
        'is not there for another firm’s admin',
        'lets in the vendor',
      ],
    },
  },
  {
    tried: 'a cookie of the console that was copied, after its owner signed out; spelled otherwise, too',
    holds: 'the session is over for all that there are of it',
    shown: {
      'console/session.test.ts': [
        'that a %s signed out of is over for whoever has copied the cookie, and no other is',
        'is not said to be over when that could not be written down',
      ],
    },
  },
  {
    tried: 'a token whose name the audit has for the vendor, or for Docketed itself, with signs in it that nobody sees',
    holds: '400',
    shown: { 'api/roles.test.ts': ['cannot be made of %j'] },
  },
  {
    tried: 'guessing tokens; an `ADMIN_TOKEN` of 31 characters',
    holds: '429 after 20 wrong ones in a minute, and no Docket is asked; 503',
    shown: {
      'api/guesses.test.ts': [
        'are braked for an address, and ask no Docket any more',
        'from one IPv6 /64 are those of one address',
        'of fewer than 32 characters keeps everything shut, and says what to do',
      ],
    },
  },
  {
    tried: 'forged assertions of Cloudflare Access',
    holds: '401',
    shown: { 'api/access-jwt.test.ts': ['of another key, another algorithm or an unknown key names nobody'] },
  },
  {
    tried: 'naming the Worker’s secrets from a firm’s configuration; signing secrets of a few characters',
    holds: '422',
    shown: {
      'api/roles.test.ts': [
        'are not a firm’s to name, though the Worker has one of that name',
        'nor does one become it when the firm’s own of that name is forgotten',
        '“%s” is too short for one',
      ],
    },
  },
  {
    tried:
      'an export that was tampered with: it hands itself the Worker’s secrets or another firm’s calendar, names another firm’s file, shows another configuration than it has, or claims a file without end',
    holds: 'no file hands out secrets or calendars; what is shown is what is carried out; 422',
    shown: {
      'docket/tenancy/tenancy.test.ts': [
        'is handed none of the Worker’s secrets, whatever it names and whatever the file says',
        'opens no calendar of the gateway’s before the vendor names it, whatever the file says',
        'shows of a configuration what is carried out, though the file has another text',
        'holds no more of a file than there can be of one',
      ],
      'docket/tenancy/files.test.ts': [
        'is refused, and the file stands',
        'in an event alone has no hold of it: replayed and erased, the file stands',
      ],
    },
  },
  {
    tried:
      'another firm’s calendar, by the id of its connection; learning whose a connection is; one that happens to be free',
    holds:
      '422, in words that are the same for a connection of others and for none; the vendor names connections first',
    shown: {
      'api/roles.test.ts': [
        'of other firms are told to the vendor only: not whose one is, nor that there is one',
        'left out by the firm’s own people are the one that it has, never one that happens to be free',
        'to calendars are named by the vendor first, and kept by the firm’s own people',
      ],
    },
  },
  {
    tried: 'a viewer who reads in the figures what Clio, or a person, said when the queue was held',
    holds: 'our own words alone',
    shown: {
      'docket/docket.test.ts': ['sees a lost connection, and mends it by storing the configuration anew'],
      'docket/tenancy/tenancy.test.ts': [
        'keeps the reason sealed, and seals the one that an earlier version kept in clear',
      ],
    },
  },
  {
    tried: 'taking another firm’s connection, in capitals, or in the same moment',
    holds: 'the registry gives it to one',
    shown: {
      'registry/registry.test.ts': [
        'belongs to the one of two firms that was first, however close they come',
        'is the same in capitals',
        'in use is not removed; one that is being removed is nobody’s',
      ],
    },
  },
  {
    tried: 'a form that tells an agent what to do',
    holds: 'it stands in the field `untrusted` and nowhere else; deleting waits for a person',
    shown: {
      'e2e/agents.test.ts': [
        'stands in the marked field alone, masked until it is revealed, and the audit says by whom',
        'stands in no list, preview or error besides',
      ],
      'api/clio/records.test.ts': ['that writes has deletes and undos wait for a person'],
    },
  },
  {
    tried: 'an agent that agrees to its own proposal, or goes around it by the API',
    holds: '403',
    shown: {
      'api/clio/records.test.ts': [
        'that proposes has its write wait for a person, and may not agree itself',
        'makes no call that is a person’s, whatever its role',
      ],
    },
  },
  {
    tried: 'a page of another address at `/mcp` (DNS rebinding), or a form of one at the console',
    holds: '403',
    shown: {
      'agents/mcp.test.ts': ['is no page of another address, whatever token it has found'],
      'console/session.test.ts': [
        'changes nothing for a form that does not carry its field, or was sent from elsewhere',
        'is refused to a form of another website',
      ],
    },
  },
  {
    tried:
      'a stranger who knows a client’s name and telephone, in fifteen variants: forms, form services, mail; upsert, update, delete; `trusted`',
    holds: 'her record stays; what he offers stands in his run, and the firm is told',
    shown: {
      'simulation/stranger.test.ts': [
        '$name, through $door: her record is unchanged, and nothing of the event is lost',
        'the firm is told, without his address or hers',
      ],
      'rules/check/stranger.test.ts': ['nothing is changed by %s', 'no record that %s'],
    },
  },
  {
    tried: 'forged, cut, old and repeated signatures of every provider',
    holds: 'one plain 401, whatever the reason',
    shown: {
      'sources/proof/signature.test.ts': [
        'refuses one changed byte of the body, and one byte more',
        'compares the time on both sides, to the second',
        'fails closed without a secret, or with an empty one',
        'is one plain 401, whatever the reason',
      ],
      'sources/proof/specials.test.ts': ['pins the algorithm: the token does not choose'],
    },
  },
  {
    tried: 'thousands of signatures with one long body',
    holds: 'the body is hashed once for each key',
    shown: {
      'sources/proof/signature.test.ts': ['hashes a body once for each key, however many signatures a sender shows'],
    },
  },
  {
    tried: 'making Clio, or a fault, say a secret or a name where it is logged',
    holds: 'the secret is taken out; of a fault its class alone is logged',
    shown: {
      'sources/webhooks/clio.test.ts': ['that Clio refuses is told in Clio’s words, without the secret in the address'],
      'api/worker.test.ts': [
        'is not stopped by a firm that fails or hangs, and says which one failed, without the words of the fault',
      ],
    },
  },
  {
    tried: 'a wrong secret in the address or a header',
    holds: '401, counted once against the address',
    shown: { 'door/brakes.test.ts': ['counts once, %s, though the Docket is asked too'] },
  },
  {
    tried:
      'floods: large forms from everywhere, one IPv6 /64, forged signatures, firms and forms that there are not, `/healthz`, bodies of 25 MB, mail of no sender or of long ones',
    holds: '429 with `Retry-After`; small forms come in, the disk is not filled, and `stats` are there meanwhile',
    shown: {
      'door/brakes.test.ts': [
        'are those of one address: 60 come in',
        'are few for an endpoint, from all addresses together; small ones still come in',
        'are not read any more once the day is full, and the answer says until when',
        'of one address send it away for a minute, and nobody else',
      ],
      'forms/hosted.test.ts': [
        'that is not there wakes no Docket for an address that has asked too often, nor under a name that none can have',
      ],
      'api/health.test.ts': ['asked by a flood is felt twice a second, and not once for each'],
      'mail/receive.test.ts': [
        '%s has a brake of its own',
        'to addresses that there are not is sent away, and wakes no Docket any more',
      ],
      'long/storms.test.ts': [
        'of 240 forms of 640 KiB from everywhere fills no disk: the day is full',
        'of 150 forms from one IPv6 /64 is one address: 60 come in',
        'of 600 forged signatures of one address is sent away',
        'of 600 forged signatures of as many addresses is refused one by one',
        'at 600 firms that there are not makes none',
        'of bodies of 25 MB from an address that has had its share is not read',
        'stands in what was refused, by endpoint and cause',
      ],
    },
  },
  {
    tried:
      'bombs: long texts for every function and every field, many parts, deep nesting, long messages at once, mails of tags, lines and parts',
    holds:
      'every pattern is linear or sees bounded text; what is long goes one by one, with turns for all else; `stats` are there meanwhile; an answer of 3 MB is 413',
    shown: {
      'check/patterns.test.ts': ['read long text in time that grows with its length'],
      'long/storms.test.ts': [
        'of long text in %s stops nobody',
        'of long text as %s stops nobody',
        'of an answer of 3 MB is 413, not 503',
        'of many small parts is read or refused',
        'of long messages that are signed, and of files of 24 MB, stops nobody',
        'in a mail is read or refused',
      ],
      'door/spacing.test.ts': [
        'have their moment one after another, and short ones never wait',
        'are sent away when some 20 MB wait, until those are through',
      ],
      'sources/mail/read.test.ts': [
        'is read with turns for everybody else',
        'of more parts, lines or heads than any mail has is none',
      ],
      'sources/mail/words.test.ts': ['is found at once, whatever is quoted'],
    },
  },
  {
    tried: 'random bytes, mutilated forms, words of JavaScript, at every door',
    holds: '4xx in words, and nothing is recorded',
    shown: {
      'door/adversarial.test.ts': [
        'answers random bytes of any kind',
        'answers mutilated multipart forms',
        'answers random headers and bytes with 401, and records nothing',
      ],
      'door/fuzz.test.ts': ['stands whatever it is sent'],
      'mail/receive.test.ts': ['stands whatever mail it is sent'],
      'e2e/refusals.test.ts': ['nothing was recorded, and nothing reached Clio'],
    },
  },
  {
    tried: 'files in R2 cut, changed, exchanged',
    holds: 'nothing becomes a document; the run parks',
    shown: {
      'platform/frames.test.ts': [
        'that was cut at the end of a frame does not pass for a shorter one: its last frame is not marked so',
        'has a key of its own: the same bytes are others each time, and another file’s key opens nothing',
      ],
      'docket/calls/uploads.test.ts': [
        'shows its key to nobody: neither a view of the run nor the store holds what opens it',
      ],
    },
  },
  {
    tried:
      'words in every field and file, by every door and by operators, looked for in all that is on the disk and in the logs',
    holds: 'nothing is found, nor after a hold, a correction, an undo, an erasure',
    shown: {
      'e2e/sealed.test.ts': [
        'finds each word in every spelling, wherever it begins',
        'brings words in by every door, and all of them to Clio',
        'parks, with words of a client and of Clio in the reason',
        'goes on with corrected answers, takes back what was made, and erases',
        'holds its queue with words of Clio in the reason',
        'is kept no more openly: the reason of a hold, what they correct',
      ],
      'docket/ledger/sealing.test.ts': ['are each sealed, hashed, or in clear for a reason'],
    },
  },
  {
    tried: 'the same in a state that an earlier version kept in clear, after export, erasure and import',
    holds: 'nothing is found, and redeliveries are duplicates',
    shown: {
      'e2e/upgrade.test.ts': [
        'leaves no word of before on the disk when the firm is exported, erased and imported: free pages and write-ahead log included',
      ],
    },
  },
  {
    tried: '`DATA_KEY` changed twice, a firm silent through both',
    holds: 'everything opens; redeliveries are duplicates',
    shown: {
      'e2e/sealed.test.ts': ['opens, with a firm that was silent through both, and knows every delivery'],
      'e2e/rotation.test.ts': ['loses nothing, and refuses nobody but while the Worker is not there'],
      'docket/ledger/sealing.test.ts': ['that no DATA_KEY opens leave the ledger as it is'],
    },
  },
  {
    tried: 'delivering again to an imported firm, and to one upgraded from 0.1.0',
    holds: 'a duplicate each; an event erased a year ago too',
    shown: {
      'docket/tenancy/tenancy.test.ts': [
        'makes the firm under another name: held, known to redeliveries, its parked runs to be gone on with',
      ],
      'e2e/move.test.ts': [
        'with its runs: what was delivered before is a duplicate there, what was parked goes on there, and here nothing is left',
      ],
      'e2e/upgrade.test.ts': ['knows every delivery at once, whatever became of its run'],
      'simulation/operator/erase.test.ts': ['is a duplicate for whoever delivers it again, then and after a year'],
    },
  },
  {
    tried:
      'waiting until everybody has forgotten: what is left after the days, after an erasure, after a look into Clio',
    holds: 'nothing that was said, in no table',
    shown: {
      'simulation/docket/retention.test.ts': [
        'nothing of an event is left, in no table: sealed or not, parked or done, told or not',
        'leaves nothing of whom was looked for, nor of what Clio said to it',
      ],
      'simulation/operator/erase.test.ts': [
        'is forgotten with what earlier versions kept of who was looked for in Clio',
        'says nothing any more, in any table, sealed or not; which records it made stays',
      ],
      'docket/tenancy/erasure.test.ts': [
        'and leaves nothing: no table, no key, no file, and a tombstone that says who and when',
      ],
    },
  },
  {
    tried: 'a link that has an admin’s browser show what a client said, at an address, and the audit say so',
    holds: 'what is shown at an address is masked, and noted nowhere',
    shown: {
      'console/runs.test.ts': [
        'stands on the page of the rules only when somebody checks them, not when a link leads there',
        'is revealed to an operator who asks, at no address of its own, and the audit says who',
        'is not revealed to the vendor by a link whose firm is a call of the API, nor does the audit say so',
      ],
    },
  },
  {
    tried: 'the script of a bot check, on a hosted form, that asks the console',
    holds: 'the page’s policy: of ours it reaches the form’s own door alone',
    shown: { 'forms/hosted.test.ts': ['lets scripts reach %s, so that none gets to the console'] },
  },
  {
    tried:
      'a terminal that an operator reads at: escape sequences in what a sender wrote, a token sent by http, secrets left by a deployment that was stopped',
    holds: 'no sign steers the terminal; a token goes by https, or nowhere; the file is gone',
    shown: {
      'tools/terminal.test.ts': ['leaves our colours, lines and columns as they are'],
      'tools/commands.test.ts': ['is not sent to %s'],
      'tools/lend.test.ts': ['is gone when %s ends the work'],
    },
  },
  {
    tried: 'our pages in a foreign frame, answers taken for something else',
    holds: 'every answer says what it is; a hosted form is framed where `origins` says',
    shown: {
      'api/headers.test.ts': ['stands in a frame only on the pages that the firm named, and so do its answers'],
      'forms/hosted.test.ts': ['loads nothing from anywhere, and may be framed by the configured origins only'],
      'console/session.test.ts': ['loads only our own files, and is kept nowhere'],
    },
  },
  {
    tried: 'a guest of the firm’s Slack who searches its matters',
    holds: 'nothing is found for whoever is nobody in the firm’s Clio',
    shown: {
      'simulation/slack/people.test.ts': [
        'finds nothing for a guest of the workspace, nor for whoever nobody can tell of',
      ],
    },
  },
  {
    tried: 'links, mentions and bold in what Slack shows; a social security number in a park reason',
    holds: 'plain text; alarms name a code',
    shown: {
      'slack/show/foreign-words.test.ts': [
        'are no markup in anything that is made of them',
        'are none in receipts and in what went wrong',
        'are none in alarms',
      ],
    },
  },
]

const [begin, end] = ['<!-- attacks -->', '<!-- /attacks -->']

function table(): string {
  const tests = ({ shown }: Attack) =>
    Object.entries(shown)
      .map(([file, titles]) => {
        const name = file.split('/').at(-1)!.replace('.test.ts', '')
        return `[${name}](test/${file}): ${titles.map(title => `*${title.replaceAll('|', '\\|')}*`).join('; ')}`
      })
      .join('<br>')
  const rows = attacks.map(one => `| ${one.tried} | ${one.holds} | ${tests(one)} |`)
  return ['| tried | what holds it | tests that show it |', '|---|---|---|', ...rows].join('\n')
}

/** The page with its table made anew. @throws when it has no place for one */
export function withAttacks(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`The page has no ${begin} … ${end}.`)
  return `${page.slice(0, from + begin.length)}\n${table()}\n${page.slice(to)}`
}
