import { fileTouch } from '../../domain/trust/touches.ts'
import { defineAction } from '../define.ts'
import { sampleTransfer, transferInput, transferOutput } from './fields.ts'

/** Copies a file or a folder inside of allowed folders. */
export const fileCopy = defineAction({
  id: 'file.copy',
  title: 'Copy file',
  description: 'Copies a file or a folder with all that is in it.',
  keywords: ['copy', 'duplicate', 'backup file'],
  icon: 'copy',
  category: 'file',
  summary: '{from} to {to}',
  // A repeat would fail where the copy is there already, or make one more.
  effect: ({ ifExists }) => (ifExists === 'replace' ? 'idempotent' : 'unsafe'),
  touches: ({ from, to }) => [...fileTouch(from, 'reads'), ...fileTouch(to, 'writes')],
  input: transferInput,
  output: transferOutput,
  sample: sampleTransfer,
  run: async ({ input: { from, to, ifExists }, files }) => ({ output: await files.copy(from, to, ifExists) }),
})
