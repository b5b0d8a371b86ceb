import { expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { runAction } from '../test-context.ts'
import { notifyShow } from './show.action.ts'

async function shown(input: Record<string, Json>): Promise<unknown[]> {
  const messages: unknown[] = []
  const notify = async (message: unknown) => {
    messages.push(message)
    return ['screens'] as const
  }
  await runAction(notifyShow, input, { notify, scope: { hook: { amount: 75, none: null } } })
  return messages
}

it('shows a title, with a text where there is one', async () => {
  expect(await shown({ title: 'Order', body: '{{ hook.amount }} €' })).toEqual([{ title: 'Order', body: '75 €' }])
  expect(await shown({ title: '{{ hook.amount }}' })).toEqual([{ title: '75' }])
  expect(await shown({ title: 'Order', body: '{{ hook.none }}' })).toEqual([{ title: 'Order' }])
})

it('needs a title', async () => {
  await expect(shown({ title: '{{ hook.none }}' })).rejects.toThrow('needs a title')
})

it('fails, and is not tried again, where it is shown nowhere', async () => {
  const shownNowhere = runAction(notifyShow, { title: 'Order' }, { notify: async () => [] })
  await expect(shownNowhere).rejects.toMatchObject({ details: { code: 'not-shown', retryable: false } })
})
