/** Where the zaps of a round send to, and the names of the credentials that they use. */
export const CREDENTIALS = { sender: 'sender-secret', target: 'target-secret' } as const

/** Ids of the steps that post to the target. */
export const EFFECT_STEPS = ['post', 'before', 'after', 'yes', 'no', 'one', 'done', 'aside', 'late']

/** Failures come often here, so the pauses between attempts are short. */
const retry = { maxAttempts: 6, baseMs: 50, capMs: 300 }

const hook = (path: string, more: object = {}): object => ({
  id: 'hook',
  uses: 'webhook.catch',
  input: { path, ...more },
})

const post = (id: string, url: string, more: object = {}): object => ({
  id,
  uses: 'http.request',
  input: { method: 'POST', url, body: { n: '{{ hook.body.n }}', text: '{{ hook.body.text }}' }, ...more },
  settings: { timeoutMs: 1_200, retry },
})

const chain = (...ids: string[]): object[] => ids.slice(1).map((to, index) => ({ from: ids[index], to }))

const zap = (name: string, steps: object[], edges: object[], settings: object = {}): ZapUnderTest => ({
  format: 'hookline/zap@1',
  name,
  settings,
  steps,
  edges,
})

/** A zap file, as far as the harness changes it. */
export type ZapUnderTest = {
  readonly format: 'hookline/zap@1'
  readonly name: string
  readonly settings: object
  readonly steps: readonly object[]
  readonly edges: readonly object[]
}

/**
 * One zap of each kind that a crash could hurt, by the path of its webhook. `tick` has a schedule instead, and `called` is run by
 * `caller`.
 */
export function zapsUnderTest(port: number, edition = 0): Readonly<Record<string, ZapUnderTest>> {
  const target = (path: string): string => `http://127.0.0.1:${port}/${path}?edition=${edition}`
  return {
    relay: zap('relay', [hook('relay'), post('post', target('relay'))], chain('hook', 'post')),
    // The system takes 0.0.0.0 for this computer, and Hookline does not: so this zap needs the network.
    away: zap(
      'away',
      [hook('away'), post('post', `http://0.0.0.0:${port}/away?edition=${edition}`)],
      chain('hook', 'post'),
    ),
    queue: zap('queue', [hook('queue'), post('post', target('queue'))], chain('hook', 'post'), {
      concurrency: 'queued',
    }),
    newest: zap('newest', [hook('newest'), post('post', target('newest'))], chain('hook', 'post'), {
      concurrency: 'restart',
    }),
    slow: zap(
      'slow',
      [
        hook('slow'),
        { id: 'wait', uses: 'logic.delay', input: { for: '1s' } },
        post('before', target('before')),
        post('after', target('after')),
      ],
      [...chain('hook', 'before', 'wait', 'after')],
    ),
    ask: zap(
      'ask',
      [
        hook('ask'),
        {
          id: 'ask',
          uses: 'logic.approve',
          input: {
            message: 'Send {{ hook.body.n }}?',
            fields: [{ name: 'why', label: 'Why' }],
            choices: [{ id: 'half' }],
          },
        },
        post('yes', target('yes')),
        post('no', target('no')),
      ],
      [
        { from: 'hook', to: 'ask' },
        { from: 'ask', port: 'approved', to: 'yes' },
        { from: 'ask', port: 'declined', to: 'no' },
        { from: 'ask', port: 'half', to: 'no' },
      ],
    ),
    loop: zap(
      'loop',
      [
        hook('loop'),
        {
          id: 'each',
          uses: 'logic.for-each',
          input: { items: '{{ hook.body.items }}', parallel: 3, onItemError: 'collect' },
        },
        post('one', target('one'), { body: '{{ item }}' }),
        post('done', target('done'), { body: '{{ each.results.size }}' }),
      ],
      [
        { from: 'hook', to: 'each' },
        { from: 'each', port: 'each', to: 'one' },
        { from: 'each', port: 'done', to: 'done' },
      ],
    ),
    file: zap(
      'file',
      [
        hook('file'),
        { id: 'append', uses: 'file.append', input: { path: 'lines.txt', text: '{{ run.id }}' } },
        post('post', target('file')),
      ],
      chain('hook', 'append', 'post'),
    ),
    signed: zap(
      'signed',
      [
        hook('signed', { verify: { scheme: 'bearer', secrets: [{ $credential: CREDENTIALS.sender }] } }),
        post('post', target('signed'), { auth: { $credential: CREDENTIALS.target } }),
      ],
      chain('hook', 'post'),
    ),
    // Ended by one branch at once: what hangs on the other one must never begin, whatever is interrupted.
    ends: zap(
      'ends',
      [
        hook('ends'),
        post('aside', target('aside')),
        post('late', target('late')),
        { id: 'end', uses: 'logic.stop', input: { as: 'failed', message: 'ended' } },
      ],
      [...chain('hook', 'aside', 'late'), ...chain('hook', 'end')],
    ),
    // One branch fails in a way that does not pass, beside one that may be tried again.
    plain: zap(
      'plain',
      [
        hook('plain'),
        { id: 'bad', uses: 'data.set', input: { fields: { value: '{{ hook.body.nothing }}' } } },
        post('post', target('plain')),
      ],
      [...chain('hook', 'bad'), ...chain('hook', 'post')],
    ),
    // Looks at hostile text in the ways in which a zap does.
    hostile: zap(
      'hostile',
      [
        hook('hostile'),
        {
          id: 'gate',
          uses: 'logic.filter',
          input: {
            any: [
              { left: '{{ hook.body.amount }}', op: 'gt', right: '5' },
              { left: '{{ hook.body.text }}', op: 'matches', right: '(a|b)*c$' },
            ],
          },
        },
        { id: 'set', uses: 'data.set', input: { fields: { text: '{{ hook.body.text | strip | upcase }}' } } },
      ],
      chain('hook', 'gate', 'set'),
    ),
    caller: zap(
      'caller',
      [
        hook('caller'),
        { id: 'call', uses: 'logic.call-zap', input: { zap: 'called', input: { n: '{{ hook.body.n }}' }, wait: true } },
        post('post', target('caller')),
      ],
      chain('hook', 'call', 'post'),
    ),
    called: zap(
      'called',
      [{ id: 'go', uses: 'manual.run', input: {} }, post('post', target('called'), { body: '{{ go.n }}' })],
      chain('go', 'post'),
    ),
    tick: zap(
      'tick',
      [
        { id: 'clock', uses: 'schedule.cron', input: { every: '1s', missed: 'all' } },
        post('post', target('tick'), { body: '{{ clock.dueAt }}' }),
      ],
      chain('clock', 'post'),
    ),
  }
}

/** Paths that events are sent to, and how often each. */
export const HOOKS = [
  { path: 'relay', weight: 6 },
  { path: 'away', weight: 2 },
  { path: 'queue', weight: 2 },
  { path: 'newest', weight: 1 },
  { path: 'slow', weight: 2 },
  { path: 'ask', weight: 1 },
  { path: 'loop', weight: 2 },
  { path: 'file', weight: 3 },
  { path: 'signed', weight: 2 },
  { path: 'caller', weight: 2 },
  { path: 'ends', weight: 2 },
  { path: 'plain', weight: 1 },
] as const
