import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FetchRequest } from '../../connectors/action-context.ts'
import { apps } from '../../connectors/apps.ts'
import type { CredentialType } from '../../connectors/credential.ts'
import { systemClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { createSignIns } from './sign-ins.ts'
import { createTokenRequests } from './token-requests.ts'

/** What a service is to be asked, as its maker documents it. */
type Expected = {
  readonly fields?: Record<string, string>
  readonly authorize: string
  readonly token: string
  readonly scopes: string
  readonly as?: string
  readonly pkce?: boolean
  readonly secret?: 'in the body' | 'in the header' | 'none'
  readonly json?: boolean
  readonly more?: Record<string, string>
  /** What is asked after it, and what is answered. */
  readonly asked?: Record<string, Json>
  /** What is kept, beside the tokens. */
  readonly kept?: Record<string, string>
}

const FACEBOOK = 'https://graph.facebook.com'
const server = { server: 'https://my.example/x/' }

const ACCOUNTS: Readonly<Record<string, Expected>> = {
  'slack.oauth': {
    authorize: 'https://slack.com/oauth/v2/authorize',
    token: 'https://slack.com/api/oauth.v2.access',
    scopes:
      'chat:write,channels:read,groups:read,channels:history,groups:history,im:history,mpim:history,im:write,users:read,users:read.email,files:read,files:write,reactions:write,search:read',
    as: 'user_scope',
    secret: 'none',
  },
  'notion.oauth': {
    authorize: 'https://api.notion.com/v1/oauth/authorize',
    token: 'https://api.notion.com/v1/oauth/token',
    scopes: '',
    pkce: false,
    secret: 'in the header',
    json: true,
    more: { owner: 'user' },
  },
  'airtable.oauth': {
    authorize: 'https://airtable.com/oauth2/v1/authorize',
    token: 'https://airtable.com/oauth2/v1/token',
    scopes: 'data.records:read data.records:write schema.bases:read',
    secret: 'none',
  },
  'jira.oauth': {
    authorize: 'https://auth.atlassian.com/authorize',
    token: 'https://auth.atlassian.com/oauth/token',
    scopes: 'read:jira-work read:jira-user write:jira-work manage:jira-webhook offline_access',
    pkce: false,
    json: true,
    more: { audience: 'api.atlassian.com', prompt: 'consent' },
    asked: {
      'https://api.atlassian.com/oauth/token/accessible-resources': [
        { id: 'c0', url: 'https://other.atlassian.net' },
        { id: 'c1', url: 'https://acme.atlassian.net' },
      ],
    },
    fields: { site: 'https://acme.atlassian.net/' },
    kept: { cloudId: 'c1', site: 'https://acme.atlassian.net' },
  },
  'zendesk.oauth': {
    fields: server,
    authorize: 'https://my.example/x/oauth/authorizations/new',
    token: 'https://my.example/x/oauth/tokens',
    scopes: 'read write',
  },
  'typeform.oauth': {
    authorize: 'https://api.typeform.com/oauth/authorize',
    token: 'https://api.typeform.com/oauth/token',
    scopes: 'accounts:read forms:read forms:write responses:read webhooks:read webhooks:write offline',
    pkce: false,
  },
  'intercom.oauth': {
    authorize: 'https://app.intercom.com/oauth',
    token: 'https://api.intercom.io/auth/eagle/token',
    scopes: '',
    pkce: false,
  },
  'monday.oauth': {
    authorize: 'https://auth.monday.com/oauth2/authorize',
    token: 'https://auth.monday.com/oauth2/token',
    scopes: 'me:read account:read boards:read boards:write updates:read updates:write users:read webhooks:write',
    pkce: false,
  },
  'wordpress.com': {
    fields: { site: 'ada.wordpress.com' },
    authorize: 'https://public-api.wordpress.com/oauth2/authorize',
    token: 'https://public-api.wordpress.com/oauth2/token',
    scopes: 'global',
    pkce: false,
  },
  'nextcloud.oauth': {
    fields: server,
    authorize: 'https://my.example/x/index.php/apps/oauth2/authorize',
    token: 'https://my.example/x/index.php/apps/oauth2/api/v1/token',
    scopes: '',
    pkce: false,
    kept: { user: 'ada' },
  },
  'gitea.oauth': {
    fields: server,
    authorize: 'https://my.example/x/login/oauth/authorize',
    token: 'https://my.example/x/login/oauth/access_token',
    scopes: '',
    secret: 'none',
  },
  'raindrop.oauth': {
    authorize: 'https://raindrop.io/oauth/authorize',
    token: 'https://raindrop.io/oauth/access_token',
    scopes: '',
    pkce: false,
    json: true,
  },
  'mastodon.oauth': {
    fields: server,
    authorize: 'https://my.example/x/oauth/authorize',
    token: 'https://my.example/x/oauth/token',
    scopes: 'read:accounts read:statuses read:notifications read:search write:statuses write:media write:favourites',
  },
  'facebook-pages.oauth': {
    authorize: 'https://www.facebook.com/v24.0/dialog/oauth',
    token: `${FACEBOOK}/v24.0/oauth/access_token`,
    scopes:
      'pages_show_list,pages_read_engagement,pages_read_user_content,pages_manage_posts,pages_manage_engagement,pages_manage_metadata',
    pkce: false,
    fields: { page: 'My page' },
    asked: {
      [`${FACEBOOK}/v24.0/oauth/access_token?grant_type=fb_exchange_token&client_id=ID&client_secret=SECRET&fb_exchange_token=AT`]:
        { access_token: 'LASTS' },
      [`${FACEBOOK}/v24.0/me/accounts?fields=id%2Cname%2Caccess_token&limit=100&access_token=LASTS`]: {
        data: [
          { id: '1', name: 'Another', access_token: 'P1' },
          { id: '2', name: 'My page', access_token: 'P2' },
        ],
      },
    },
    kept: { accessToken: 'P2', expiresAt: '', page: '2' },
  },
  'pagerduty.oauth': {
    authorize: 'https://app.pagerduty.com/oauth/authorize',
    token: 'https://app.pagerduty.com/oauth/token',
    scopes: 'write',
  },
}

async function typeOf(id: string): Promise<CredentialType> {
  const app = await apps.find((one) => one.id === id.split('.')[0])?.load()
  const type = app?.credentials.find((one) => one.id === id)
  if (type === undefined) throw new Error(`there is no account ${id}`)
  return type
}

describe.each(Object.entries(ACCOUNTS))('%s', (id, expected) => {
  const { fields = {}, pkce = true, secret = 'in the body', as = 'scope' } = expected
  const entered = { ...fields, clientId: 'ID', ...(secret !== 'none' && { clientSecret: 'SECRET' }) }
  const sent: FetchRequest[] = []
  let stored = JSON.stringify(entered)
  let signIns: ReturnType<typeof createSignIns>

  beforeEach(async () => {
    sent.length = 0
    stored = JSON.stringify(entered)
    const type = await typeOf(id)
    // The fixed port may be taken while tests run; that it is fixed is looked at by itself.
    const free = { ...type, returnsTo: 'any-address' as const }
    const requests = createTokenRequests({
      clock: systemClock,
      async fetch(request) {
        sent.push(request)
        const answer = expected.asked?.[request.url] ?? { access_token: 'AT', user_id: 'ada', expires_in: 3_600 }
        const body = Buffer.from(JSON.stringify(answer))
        return { status: 200, headers: {}, cookies: [], body, url: request.url, isWithoutSecrets: false }
      },
    })
    signIns = createSignIns({
      catalogue: { credentialType: () => free },
      clock: systemClock,
      log: { debug() {}, info() {}, warn() {}, error() {} } as never,
      requests,
      open: async () => ({ type: id, secret: stored }) as never,
      async store(_name, _before, after) {
        stored = after
        return true
      },
      signedIn: () => undefined,
    })
  })
  afterEach(() => signIns.close())

  it('asks for a sign-in and for its tokens as the maker documents it', async () => {
    const begun = await signIns.begin({ name: 'mine', by: 'browser', origin: 'http://127.0.0.1:1', scopes: [] })
    const url = new URL(begun.url)
    expect(url.origin + url.pathname).toBe(expected.authorize)
    const asked = Object.fromEntries(url.searchParams)
    expect(asked).toEqual({
      response_type: 'code',
      client_id: 'ID',
      redirect_uri: begun.redirectUri,
      state: asked.state,
      ...(expected.scopes !== '' && { [as]: expected.scopes }),
      ...(pkce && { code_challenge: expect.stringMatching(/^[\w-]{43}$/), code_challenge_method: 'S256' }),
      ...expected.more,
    })
    await signIns.returned(new URLSearchParams({ code: 'CODE', state: asked.state ?? '' }))
    expect(signIns.find(begun.id)?.end).toMatchObject({ ok: true })

    const [first] = sent
    const text = String(first?.body)
    const body: Record<string, unknown> = expected.json
      ? JSON.parse(text)
      : Object.fromEntries(new URLSearchParams(text))
    expect(first).toMatchObject({ method: 'POST', url: expected.token })
    expect(body).toEqual({
      grant_type: 'authorization_code',
      code: 'CODE',
      redirect_uri: begun.redirectUri,
      ...(pkce && { code_verifier: expect.stringMatching(/^[\w-]{43,}$/) }),
      ...(secret !== 'in the header' && { client_id: 'ID' }),
      ...(secret === 'in the body' && { client_secret: 'SECRET' }),
    })
    const basic = `Basic ${Buffer.from('ID:SECRET').toString('base64')}`
    expect(first?.headers.authorization).toBe(secret === 'in the header' ? basic : undefined)
    expect(first?.headers['content-type']).toContain(expected.json ? 'application/json' : 'x-www-form-urlencoded')
    expect(sent.slice(1).map(({ url: at }) => at)).toEqual(Object.keys(expected.asked ?? {}))
    expect(JSON.parse(stored)).toMatchObject({ ...entered, accessToken: 'AT', ...expected.kept })
  })

  it('is described in five steps, tests itself, and comes back to one address', async () => {
    const type = await typeOf(id)
    expect(type.help?.steps).toHaveLength(5)
    expect(type.test).toBeDefined()
    expect(type.returnsTo).toBe('one-address')
    const signed = type.signIn?.({ ...entered, accessToken: 'AT' }).headers ?? {}
    expect(Object.values(signed).join()).toContain('AT')
    expect(() => type.signIn?.(entered)).toThrow(/not signed in/)
  })
})

it.each(['jira.oauth', 'facebook-pages.oauth'])('%s says what there is in place of what is not there', async (id) => {
  const client = (await typeOf(id)).oauth?.({ site: 'https://none.example', page: 'None' })
  const get = async (url: string): Promise<Json> =>
    ACCOUNTS[id]?.asked?.[url] ?? Object.values(ACCOUNTS[id]?.asked ?? {}).at(-1) ?? null
  const fields = { site: 'https://none.example', page: 'None' }
  const asked = client?.afterSignIn?.({ accessToken: 'AT', fields, get })
  await expect(asked).rejects.toMatchObject({
    details: { code: 'sign-in', message: expect.stringMatching(/acme\.atlassian\.net|My page/) },
  })
})

it('no account of an app asks for a client at a place that is none', async () => {
  for (const { load } of apps) {
    for (const type of (await load()).credentials) {
      if (type.oauth === undefined) continue
      const given = Object.fromEntries(type.fields.map(({ name }) => [name, 'x']))
      const client = type.oauth({
        ...given,
        server: 'https://my.example',
        domain: '',
        site: 'https://my.example',
        shop: 'x',
      })
      const addresses = [client.tokenUrl, client.authorizeUrl, client.deviceUrl].filter((one) => one !== undefined)
      for (const address of addresses) expect(URL.parse(address)?.protocol, type.id).toBe('https:')
    }
  }
})
