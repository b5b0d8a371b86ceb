import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { runAction } from '../test-context.ts'
import { textSplit } from './split.action.ts'

test.each<[Json, string | undefined, string[]]>([
  ['a,b,,c', ',', ['a', 'b', '', 'c']],
  ['a\r\nb\nc\rd', undefined, ['a', 'b', 'c', 'd']],
  ['no cut', ', ', ['no cut']],
  ['', ',', ['']],
  [12.5, '.', ['12', '5']],
  ['a.b', '.', ['a', 'b']],
])('%j cut at %j', async (text, by, parts) => {
  const { output } = await runAction(textSplit, { text, ...(by === undefined ? {} : { by }) })
  expect(output).toEqual({ parts })
})
