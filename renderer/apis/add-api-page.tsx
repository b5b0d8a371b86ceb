import { FileUp, FolderUp, Plus } from 'lucide-react'
import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import type { ReadApi } from '../../core/contract/app-values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input, Textarea } from '../ui/controls/input.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { ApiChanges } from './api-changes.tsx'
import { ApiSettings, useApiSettings } from './api-settings.tsx'
import { OperationList } from './operation-list.tsx'
import { type DescriptionFile, readDropped, readPicked } from './read-description.ts'

/**
 * Adds an API with its description: dropped, picked, at an address or pasted; or, with `replaces`, takes a newer description of one. All before the
 * last button is a look.
 */
export function AddApiPage({ replaces = null }: { replaces?: string | null }) {
  const [read, setRead] = useState<ReadApi | null>(null)
  const [isReading, setReading] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const take = async (asked: Promise<{ files?: DescriptionFile[]; url?: string; source?: string }>): Promise<void> => {
    setReading(true)
    setFailure(null)
    try {
      setRead(await api.apps.read({ ...(await asked), ...(replaces !== null && { replaces }) }))
    } catch (thrown) {
      setFailure(thrown instanceof Error && thrown.name === 'Error' ? thrown.message : describeFailure(thrown).message)
    } finally {
      setReading(false)
    }
  }
  useDropped((data) => void take(readDropped(data).then((files) => ({ files, source: files[0]?.path ?? '' }))))

  const title = replaces === null ? 'Add an API' : 'Update an API'
  if (read !== null)
    return <LookedAt key={read.look} read={read} title={title} replaces={replaces} onOther={() => setRead(null)} />
  return (
    <Page
      title={title}
      subtitle={replaces === null ? 'with its OpenAPI description' : 'with a newer description of it'}
      isNarrow
      actions={<Button onClick={goBack}>Cancel</Button>}
    >
      {failure !== null && (
        <div className="pb-4">
          <ErrorNote title={failure} />
        </div>
      )}
      {isReading ? (
        <p className="py-16 text-center">
          <Spinner label="Reading the description…" />
        </p>
      ) : (
        <Ways onTake={take} />
      )}
    </Page>
  )
}

function Ways({
  onTake,
}: {
  onTake(asked: Promise<{ files?: DescriptionFile[]; url?: string; source?: string }>): Promise<void>
}) {
  const [url, setUrl] = useState('')
  const [text, setText] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const picked = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(event.target.files ?? [])]
    event.target.value = ''
    if (files.length > 0) void onTake(readPicked(files).then((read) => ({ files: read, source: files[0]?.name ?? '' })))
  }
  return (
    <div className="flex flex-col gap-6">
      <section
        aria-label="File or folder"
        className="flex flex-col items-center gap-3 rounded-lg border border-line-strong border-dashed bg-sunken px-6 py-10 text-center"
      >
        <FileUp size={28} aria-hidden className="text-ink-faint" />
        <p className="max-w-md text-ink-soft">
          Drop an OpenAPI file here (2.0 to 3.2, JSON or YAML), or a folder of files that refer to each other.
        </p>
        <div className="flex gap-2">
          <Button icon={FileUp} onClick={() => file.current?.click()}>
            Choose a file
          </Button>
          <Button icon={FolderUp} onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        </div>
        <input ref={file} type="file" accept=".json,.yaml,.yml" hidden aria-label="OpenAPI file" onChange={picked} />
        <input
          ref={(input) => {
            folder.current = input
            input?.setAttribute('webkitdirectory', '')
          }}
          type="file"
          hidden
          aria-label="OpenAPI folder"
          onChange={picked}
        />
      </section>
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (url.trim() !== '') void onTake(Promise.resolve({ url: url.trim() }))
        }}
      >
        <div className="min-w-0 flex-1">
          <Field label="Or its address" htmlFor="api-url">
            <Input
              id="api-url"
              value={url}
              placeholder="https://api.example.com/openapi.json"
              onChange={(event) => setUrl(event.target.value)}
            />
          </Field>
        </div>
        <Button type="submit">Read it</Button>
      </form>
      <Field label="Or its text" htmlFor="api-text">
        <Textarea
          id="api-text"
          mono
          rows={6}
          value={text}
          placeholder={'openapi: 3.1.0\ninfo:\n  title: …'}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <div className="-mt-4">
        <Button
          disabled={text.trim() === ''}
          onClick={() => void onTake(Promise.resolve({ files: [{ path: 'pasted', text }], source: 'pasted text' }))}
        >
          Read the text
        </Button>
      </div>
    </div>
  )
}

function LookedAt({
  read,
  title: pageTitle,
  replaces,
  onOther,
}: {
  read: ReadApi
  title: string
  replaces: string | null
  onOther(): void
}) {
  const settings = useApiSettings(read)
  const [isAdding, setAdding] = useState(false)
  const discard = (): void => void api.apps.discard({ look: read.look }).catch(() => undefined)
  const add = async (): Promise<void> => {
    setAdding(true)
    try {
      const { title, address, credential } = settings
      const app =
        replaces === null
          ? await api.apps.add({ look: read.look, title, address, credential })
          : await api.apps.update({ id: replaces, look: read.look })
      toast({
        title: `${app.title} is in the palette`,
        detail: `${app.operations} operations, ${app.events + app.polls} triggers.`,
        tone: 'success',
      })
      goBack()
    } catch (thrown) {
      toast({ title: 'The app was not added', detail: describeFailure(thrown).message, tone: 'error' })
      setAdding(false)
    }
  }
  return (
    <Page
      title={pageTitle}
      subtitle={`${read.operations} operations read in ${read.ms} ms`}
      scrolls={false}
      actions={
        <>
          <Button
            variant="ghost"
            icon={FileUp}
            onClick={() => {
              discard()
              onOther()
            }}
          >
            Other document…
          </Button>
          <Button
            onClick={() => {
              discard()
              goBack()
            }}
          >
            Cancel
          </Button>
          <Button
            variant="primary"
            icon={Plus}
            loading={isAdding}
            disabled={settings.problem !== null}
            onClick={() => void add()}
          >
            {replaces === null ? 'Add the app' : 'Take it'}
          </Button>
        </>
      }
    >
      <div className={classNames('grid min-h-0 flex-1 gap-4', 'grid-cols-[minmax(320px,420px)_minmax(0,1fr)]')}>
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto">
          {read.changes === null ? (
            <ApiSettings read={read} settings={settings} />
          ) : (
            <ApiChanges changes={read.changes} />
          )}
        </div>
        <OperationList of={{ look: read.look }} focusSearch />
      </div>
    </Page>
  )
}

const goBack = (): void => window.history.back()

/** Takes what is dropped anywhere on the screen. */
function useDropped(take: (data: DataTransfer) => void): void {
  const latest = useRef(take)
  useEffect(() => {
    latest.current = take
  })
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      latest.current(event.dataTransfer)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [])
}
