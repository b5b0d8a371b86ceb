/** Files of a description, as they are read. */
export type DescriptionFile = { readonly path: string; readonly text: string }

const IS_DOCUMENT = /\.(?:json|ya?ml)$/i
const MOST_FILES = 3_000
const MOST_BYTES = 33_554_432

/** What was picked: a file, or the documents among those of a folder. Throws an Error with a sentence where that is too much or nothing. */
export async function readPicked(files: readonly File[]): Promise<DescriptionFile[]> {
  const wanted = files.length === 1 ? files : files.filter(({ name }) => IS_DOCUMENT.test(name))
  if (wanted.length === 0) throw new Error('There is no JSON or YAML file in it.')
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0)
  if (wanted.length > MOST_FILES || bytes > MOST_BYTES)
    throw new Error(`A description may have ${MOST_BYTES / 1_048_576} MB in ${MOST_FILES} files; this is more.`)
  return Promise.all(wanted.map(async (file) => ({ path: pathOf(file), text: await file.text() })))
}

/** Within the folder that was picked. */
function pathOf(file: File): string {
  const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath
  const slash = path.indexOf('/')
  return slash < 0 ? path : path.slice(slash + 1)
}

/** What was dropped: files, and all that is in folders. To be called while the drop is handled. */
export async function readDropped(data: DataTransfer): Promise<DescriptionFile[]> {
  // What is dropped can only be asked for now.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const files = [...data.files]
  if (!entries.some(({ isDirectory }) => isDirectory)) return readPicked(files)
  const found: { path: string; file: File }[] = []
  for (const entry of entries) await gather(entry, found)
  const [first] = found
  if (first === undefined) throw new Error('There is no JSON or YAML file in it.')
  const bytes = found.reduce((sum, { file }) => sum + file.size, 0)
  if (bytes > MOST_BYTES) throw new Error(`A description may have ${MOST_BYTES / 1_048_576} MB; this is more.`)
  return Promise.all(found.map(async ({ path, file }) => ({ path, text: await file.text() })))
}

async function gather(entry: FileSystemEntry, found: { path: string; file: File }[]): Promise<void> {
  if (found.length >= MOST_FILES) throw new Error(`The folder holds more than ${MOST_FILES} files.`)
  if (isFile(entry)) {
    if (!IS_DOCUMENT.test(entry.name)) return
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ path: entry.fullPath.split('/').slice(2).join('/') || entry.name, file })
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) return
      for (const one of some) await gather(one, found)
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
