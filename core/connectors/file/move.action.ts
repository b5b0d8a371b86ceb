import { fileTouch } from '../../domain/trust/touches.ts'
import { defineAction } from '../define.ts'
import { sampleTransfer, transferInput, transferOutput } from './fields.ts'

/** Moves or renames a file or a folder inside of allowed folders, also to another disk. */
export const fileMove = defineAction({
  id: 'file.move',
  title: 'Move or rename file',
  description: 'Moves a file or folder to another folder, or gives it another name.',
  keywords: ['move', 'rename', 'sort files', 'organise', 'put into folder', 'archive'],
  icon: 'folder-input',
  category: 'file',
  summary: '{from} to {to}',
  // A repeat would find nothing to move.
  effect: 'unsafe',
  touches: ({ from, to }) => [...fileTouch(from, 'writes'), ...fileTouch(to, 'writes')],
  input: transferInput,
  output: transferOutput,
  sample: sampleTransfer,
  run: async ({ input: { from, to, ifExists }, files }) => ({ output: await files.move(from, to, ifExists) }),
})
