import { Api } from 'grammy'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { telegram } from './telegram.app.ts'

const TOKEN = '123456:ABC-DEF_ghi'
const account = { type: 'telegram', secret: JSON.stringify({ token: TOKEN }) }
const answers = (): Json => ({ ok: true, result: { message_id: 42 } })
const us = (uses: string, input: Record<string, Json>) => sentByUs(telegram, uses, input, { answers, account })

/** The library writes `null` for what it leaves out nowhere; both leave it out. */
const bare = (sent: readonly Sent[]) => sent.map(({ method, path, query, body }) => ({ method, path, query, body }))

describe('telegram sends what grammY sends', () => {
  it.each<[string, Record<string, Json>, (api: Api) => Promise<unknown>]>([
    [
      'send-message',
      { chat: '-1001234567890', text: 'Hällo', format: 'HTML', silent: true, noPreview: true, thread: 3, replyTo: 7 },
      (api) =>
        api.sendMessage('-1001234567890', 'Hällo', {
          parse_mode: 'HTML',
          disable_notification: true,
          link_preview_options: { is_disabled: true },
          message_thread_id: 3,
          reply_parameters: { message_id: 7 },
        }),
    ],
    [
      'send-message',
      { chat: '@channel', text: 'x', buttons: '{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]}' },
      (api) =>
        api.sendMessage('@channel', 'x', {
          reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
        }),
    ],
    [
      'send-photo',
      { chat: '5', photo: 'https://example.com/a.jpg', caption: 'A' },
      (api) => api.sendPhoto('5', 'https://example.com/a.jpg', { caption: 'A' }),
    ],
    ['edit-message', { chat: '5', message: 42, text: 'new' }, (api) => api.editMessageText('5', 42, 'new')],
    ['delete-message', { chat: '5', message: 42 }, (api) => api.deleteMessage('5', 42)],
    ['chat-action', { chat: '5', action: 'typing' }, (api) => api.sendChatAction('5', 'typing')],
    [
      'answer-callback',
      { query: 'q1', text: 'Done', alert: true },
      (api) => api.answerCallbackQuery('q1', { text: 'Done', show_alert: true }),
    ],
  ])('%s', async (uses, input, call) => {
    const theirs = await sentByLibrary((apiRoot) => call(new Api(TOKEN, { apiRoot })), answers)
    const { sent } = await us(uses, input)
    expect(bare(sent)).toEqual(bare(theirs))
  })
})

describe('telegram', () => {
  it('sends a file as the part that the method names', async () => {
    const bytes = Buffer.from('a picture')
    const open = async () => ({
      info: { path: '/a.jpg', name: 'a.jpg', extension: 'jpg', bytes: bytes.length, modifiedAt: '', isFolder: false },
      async *stream() {
        yield bytes
      },
      close: async () => undefined,
    })
    const files = { files: { open } } as never // only this of the files is asked for
    const { sent } = await sentByUs(telegram, 'send-photo', { chat: '5', photo: '/a.jpg' }, { answers, account, files })
    expect(sent[0]?.path).toBe(`/bot${TOKEN}/sendPhoto`)
    expect(sent[0]?.body).toMatch(
      /name="chat_id"\r\n\r\n5\r\n[\s\S]*name="photo"; filename="a.jpg"\r\nContent-Type: image\/jpeg\r\n\r\na picture\r\n/,
    )
  })

  it.each<[Json, number, string, RegExp]>([
    [{ ok: false, error_code: 400, description: 'Bad Request: chat not found' }, 400, 'http-400', /chat not found/],
    [
      { ok: false, error_code: 401, description: 'Unauthorized' },
      401,
      'http-401',
      /does not take the account "account": connect it/,
    ],
    [
      { ok: false, error_code: 403, description: 'Forbidden: bot was blocked' },
      403,
      'http-403',
      /does not allow.*blocked/,
    ],
    [
      { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 3 } },
      429,
      'http-429',
      /asks to wait/,
    ],
  ])('says in its own words what is wrong: %j', async (answer, _status, code, message) => {
    const refused = sentByUs(telegram, 'send-message', { chat: '5', text: 'x' }, { answers: () => answer, account })
    await expect(refused).rejects.toMatchObject({ details: { code, message: expect.stringMatching(message) } })
    const error: { details: { message: string; retryAfterMs?: number } } = await refused.catch((thrown) => thrown)
    expect(error.details.message).not.toContain(TOKEN)
    if (code === 'http-429') expect(error.details.retryAfterMs).toBe(3_000)
  })
})
