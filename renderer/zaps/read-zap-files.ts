/** A zap file's name and text, as it was picked or pasted. */
export type ZapText = { readonly file: string; readonly text: string }

/** What the host is asked to import. */
export type ZapContent = { readonly file: string; readonly content: unknown }

export function readZapFiles(files: readonly File[]): Promise<ZapText[]> {
  return Promise.all(files.map(async (file) => ({ file: file.name, text: await file.text() })))
}

/** The parsed contents, or a sentence that names the first text that is not JSON. A list of zaps counts as several files. */
export function parseZapTexts(texts: readonly ZapText[]): { files: ZapContent[] } | { error: string } {
  const files: ZapContent[] = []
  for (const { file, text } of texts) {
    let content: unknown
    try {
      content = JSON.parse(text)
    } catch (thrown) {
      return { error: `${file} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` }
    }
    if (Array.isArray(content)) {
      for (const [at, item] of content.entries()) files.push({ file: `${file} (${at + 1})`, content: item })
    } else files.push({ file, content })
  }
  return files.length === 0 ? { error: 'There is no zap in it.' } : { files }
}
