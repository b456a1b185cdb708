import { describe, expect, it } from 'vitest'
import { authenticated } from '../../../src/sources/mail/proof.ts'

const of = (from: string | null, ...results: string[]) =>
  authenticated(
    {
      headers: results.map(value => ({ key: 'authentication-results', originalKey: 'Authentication-Results', value })),
    },
    from,
  )
const cloudflare = 'mx.cloudflare.net;'

describe('who sent a mail', () => {
  it.each<[string, string | null, string[], boolean]>([
    [
      'DKIM of the domain',
      'leads@service.example',
      [`${cloudflare} dkim=pass header.d=service.example header.s=s1`],
      true,
    ],
    [
      'DKIM of a domain above',
      'leads@mail.service.example',
      [`${cloudflare} dkim=pass header.d=service.example`],
      true,
    ],
    ['DKIM of a domain below', 'leads@service.example', [`${cloudflare} dkim=pass header.d=em1.service.example`], true],
    [
      'SPF of the envelope',
      'leads@service.example',
      [`${cloudflare} spf=pass smtp.mailfrom=bounce@service.example`],
      true,
    ],
    [
      'DMARC',
      'leads@service.example',
      [`${cloudflare} dmarc=pass header.from=service.example policy.dmarc=none`],
      true,
    ],
    [
      'capitals and comments',
      'Leads@Service.Example',
      [`MX.Cloudflare.Net; DKIM=Pass (2048 bit; "x") header.d=SERVICE.example`],
      true,
    ],
    [
      'one of two signatures',
      'leads@service.example',
      [`${cloudflare} dkim=fail header.d=service.example; dkim=pass header.d=service.example`],
      true,
    ],
    ['no result', 'leads@service.example', [], false],
    ['a result that says none', 'leads@service.example', ['mx.cloudflare.net; none'], false],
    ['DKIM of somebody else', 'leads@service.example', [`${cloudflare} dkim=pass header.d=evil.example`], false],
    [
      'a domain that only ends so',
      'leads@service.example',
      [`${cloudflare} dkim=pass header.d=myservice.example`],
      false,
    ],
    ['a top-level domain', 'leads@service.example', [`${cloudflare} dkim=pass header.d=example`], false],
    ['a signature that fails', 'leads@service.example', [`${cloudflare} dkim=fail header.d=service.example`], false],
    ['SPF of the greeting only', 'leads@service.example', [`${cloudflare} spf=pass smtp.helo=service.example`], false],
    [
      'a sender’s own result below Cloudflare’s',
      'leads@service.example',
      [`${cloudflare} dkim=fail header.d=service.example`, `${cloudflare} dkim=pass header.d=service.example`],
      false,
    ],
    [
      'another server’s result',
      'leads@service.example',
      ['mx.evil.example; dkim=pass header.d=service.example'],
      false,
    ],
    [
      'a server that only ends so',
      'leads@service.example',
      ['mx.evilcloudflare.net; dkim=pass header.d=service.example'],
      false,
    ],
    [
      'a pass in a comment',
      'leads@service.example',
      [`${cloudflare} dkim=fail (; dkim=pass header.d=service.example ;) header.d=x.example`],
      false,
    ],
    [
      'a pass in quotes',
      'leads@service.example',
      [`${cloudflare} dkim=fail reason="; dkim=pass header.d=service.example ;"`],
      false,
    ],
    ['no sender', null, [`${cloudflare} dkim=pass header.d=service.example`], false],
    ['an empty domain', 'leads@', [`${cloudflare} dkim=pass header.d=`], false],
  ])('%s', (_, from, results, proved) => {
    expect(of(from, ...results).proved).toBe(proved)
  })

  it('is told method by method', () => {
    const told = of(
      'a@b.example',
      `${cloudflare} spf=softfail smtp.mailfrom=a@b.example; dkim=pass header.d=c.example; dmarc=fail header.from=b.example`,
    )
    expect(told).toEqual({ spf: 'softfail', dkim: 'pass', dmarc: 'fail', proved: false })
  })
})
