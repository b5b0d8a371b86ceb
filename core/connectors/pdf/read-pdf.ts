import { getDocumentProxy, getMeta } from 'unpdf'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJson } from '../../domain/values/json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { gather } from '../kit/heavy-pieces.ts'

const optionsSchema = z.object({ password: z.string().optional() })

/** Reads the text of a PDF (ISO 32000), page by page, and yields it as JSON: `{ text, pages, info }`. Scripts in it are not run. */
export const readPdf: HeavyTask = async function* (content, given) {
  const { password } = optionsSchema.parse(given)
  const bytes = await gather(content)
  if (!Buffer.from(bytes.subarray(0, 1_024)).includes('%PDF-')) throw failed('it is no PDF')
  const document = await getDocumentProxy(new Uint8Array(bytes), {
    ...(password === undefined ? {} : { password }),
    verbosity: 0,
  }).catch((error: unknown) => {
    throw reason(error, password)
  })
  try {
    const pages: string[] = []
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      let text = ''
      for (const item of items) if ('str' in item) text += item.str + (item.hasEOL ? '\n' : '')
      pages.push(text.trim())
      page.cleanup()
    }
    const { info } = await getMeta(document)
    const facts = Object.fromEntries(Object.entries(info).filter(([, value]) => isJson(value)))
    yield JSON.stringify({ text: pages.join('\n\n'), pages, info: facts })
  } finally {
    await document.loadingTask.destroy()
  }
}

function reason(error: unknown, password: string | undefined): StepError {
  if (error instanceof Error && error.name === 'PasswordException')
    return failed(password === undefined ? 'it has a password: enter it' : 'its password is another one', error)
  return failed(error instanceof Error ? error.message.replace(/\.$/, '') : String(error), error)
}

function failed(why: string, cause?: unknown): StepError {
  return new StepError({ code: 'bad-input', message: `The PDF cannot be read: ${why}.`, retryable: false }, { cause })
}
