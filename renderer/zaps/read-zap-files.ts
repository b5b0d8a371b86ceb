import { decodeText, MOST_TEXT_BYTES, TextError, tooLarge, withoutMark } from '../../core/domain/values/decode-text.ts'

/** A zap file's name and text, as it was picked, dropped or pasted; or a sentence that says why its text cannot be read. */
export type ZapText = { readonly file: string; readonly text: string; readonly problem?: string }

/** What the host is asked to import. */
export type ZapContent = { readonly file: string; readonly content: unknown }

export function readZapFiles(files: readonly File[]): Promise<ZapText[]> {
  return Promise.all(files.map(readZapFile))
}

async function readZapFile(file: File): Promise<ZapText> {
  try {
    if (file.size > MOST_TEXT_BYTES) throw tooLarge(file.name)
    return { file: file.name, text: decodeText(new Uint8Array(await file.arrayBuffer()), file.name) }
  } catch (thrown) {
    // A browser says little of a file that it could not read, such as a folder.
    const problem = thrown instanceof TextError ? thrown.message : `${file.name} cannot be read: is it a file?`
    return { file: file.name, text: '', problem }
  }
}

/** The parsed contents, or a sentence that names the first text that is not JSON. A list of zaps counts as several files. */
export function parseZapTexts(texts: readonly ZapText[]): { files: ZapContent[] } | { error: string } {
  const files: ZapContent[] = []
  for (const { file, text, problem } of texts) {
    if (problem !== undefined) return { error: problem }
    let content: unknown
    try {
      content = JSON.parse(withoutMark(text))
    } catch (thrown) {
      return { error: `${file} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` }
    }
    if (Array.isArray(content)) {
      for (const [at, item] of content.entries()) files.push({ file: `${file} (${at + 1})`, content: item })
    } else files.push({ file, content })
  }
  return files.length === 0 ? { error: 'There is no zap in it.' } : { files }
}
