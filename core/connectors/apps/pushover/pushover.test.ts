import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { pushover } from './pushover.app.ts'

const account = { type: 'pushover', secret: JSON.stringify({ user: 'U', token: 'TK' }) }
const answers = (): Json => ({ status: 1, request: 'r' })

/** As Pushover documents them (pushover.net/api). */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send',
    { text: 'hi', title: 't', link: 'https://a' },
    'POST /1/messages.json',
    { message: 'hi', title: 't', priority: 0, url: 'https://a', token: 'TK', user: 'U' },
  ],
  [
    'send',
    { text: 'fire', priority: '2' },
    'POST /1/messages.json',
    { message: 'fire', priority: 2, retry: 60, expire: 3_600, token: 'TK', user: 'U' },
  ],
  ['receipt', { receipt: 'R' }, 'GET /1/receipts/R.json?token=TK'],
  ['limits', {}, 'GET /1/apps/limits.json?token=TK'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(pushover, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('an image goes along in base64', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.png', 'PNG')
  const { sent } = await sentByUs(
    pushover,
    'send',
    { text: 'hi', image: at('a.png') },
    { answers, account, files: { files, large } },
  )
  expect(sent[0]?.body).toMatchObject({ attachment_base64: 'UE5H', attachment_type: 'image/png' })
})

it('a refusal says why', async () => {
  const answer = () => ({ status: 0, errors: ['user key is invalid'] })
  await expect(sentByUs(pushover, 'send', { text: 'hi' }, { answers: answer, account })).rejects.toThrow(
    /user key is invalid/,
  )
})
