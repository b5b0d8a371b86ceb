import { expect, it } from 'vitest'
import { renameReferences } from './template-references.ts'

it('follows a step that has another id, in the link at which its question is answered too', () => {
  const ids = new Map([
    ['ask', 'ask-2'],
    ['hook', 'hook-2'],
  ])
  const text =
    '{{ hook.ask }} {{ run.approval.ask }} {{ run.approval["ask"] }} {{ run.approval.other }} ask {{ "ask" }}'
  expect(renameReferences({ text }, ids)).toEqual({
    text: '{{ hook-2.ask }} {{ run.approval.ask-2 }} {{ run.approval["ask-2"] }} {{ run.approval.other }} ask {{ "ask" }}',
  })
})
