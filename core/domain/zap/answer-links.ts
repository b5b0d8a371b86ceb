import { templateRoots } from '../templates/template.ts'
import type { ZapFile } from './zap-file.ts'

/** The step that asks a person: `{{ run.approval.<id> }}` is the address at which that one answers. */
export const ASKING_STEP = 'logic.approve'

const READ = /\brun\s*\.\s*approval\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*["']([^"'\]]{1,200})["']\s*\])/g

/** The steps whose links a template reads. */
export function answerLinksIn(text: string): readonly string[] {
  return Array.from(text.matchAll(READ), ([, plain, quoted]) => plain ?? quoted ?? '')
}

/** The questions whose links a zap's own steps send, or do something else with. */
export function linkedQuestions(file: ZapFile): ReadonlySet<string> {
  const linked = new Set<string>()
  for (const { input } of file.steps) {
    for (const { text, roots } of templateRoots(input)) {
      if (roots.includes('run')) for (const id of answerLinksIn(text)) linked.add(id)
    }
  }
  return linked
}
