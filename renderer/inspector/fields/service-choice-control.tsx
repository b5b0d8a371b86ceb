import '../../ui/lists/command-list.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Check, ChevronsUpDown, RefreshCw, Search } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useDeferredValue, useState } from 'react'
import type { FieldOptions } from '../../../core/contract/connector-manifest.ts'
import { isDynamicText } from '../../../core/domain/templates/template.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { credentialNames } from '../../../core/domain/zap/credential-refs.ts'
import type { Step } from '../../../core/domain/zap/zap-file.ts'
import { describeFailure } from '../../api/failure.ts'
import { useDraft, useDraftStore } from '../../draft/session/draft-store.ts'
import { queries } from '../../queries/queries.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { useActiveOption } from '../../ui/lists/use-active-option.ts'
import { Spinner } from '../../ui/page/spinner.tsx'
import { type ControlProps, useSetValue, useStepForm } from '../form/form-context.ts'
import { TemplateControl } from './template-control.tsx'

/** How long a list is good before it is read again, in milliseconds. */
const FRESH_MS = 60_000

/** Text with templates that can also be chosen of a list which the step's service has. */
export function ServiceChoiceControl(props: ControlProps) {
  const { field, path, value } = props
  const store = useDraftStore()
  const setValue = useSetValue(field)
  const { stepId } = useStepForm()
  const step = useDraft((state) => state.history.present.steps.find(({ id }) => id === stepId))
  const [isOpen, setOpen] = useState(false)
  const text = typeof value === 'string' ? value : ''
  if (step === undefined) return null
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start gap-1.5">
        <div className="min-w-0 flex-1">
          <TemplateControl {...props} />
        </div>
        <Popover.Root open={isOpen} onOpenChange={setOpen}>
          <Popover.Trigger asChild>
            <IconButton icon={ChevronsUpDown} label={`Choose: ${field.title}`} className="border border-line-strong" />
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              align="end"
              sideOffset={4}
              collisionPadding={8}
              aria-label={`Choices for ${field.title}`}
              className="z-40 flex max-h-96 w-80 animate-pop flex-col overflow-hidden rounded-lg bg-raised shadow-float"
            >
              <Choices
                {...props}
                step={step}
                chosen={text}
                onChoose={(chosen) => {
                  setOpen(false)
                  // A step of undo of its own, apart from what was typed just before.
                  store.getState().pauseTyping()
                  setValue(path, chosen)
                  store.getState().pauseTyping()
                }}
              />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      </div>
      {text !== '' && !isDynamicText(text) && <ChosenName field={field} step={step} value={text} />}
    </div>
  )
}

/** What decides which list it is: its account, and the fields that it depends on. Others may change without reading it again. */
function partsOf({ id, uses, input }: Step, { list }: ControlProps['field']): Step {
  const names = new Set([...(list?.needs ?? []), ...(list?.reads ?? [])])
  const isPart = ([name, value]: [string, Json]): boolean => names.has(name) || credentialNames(value).length > 0
  return { id, uses, input: Object.fromEntries(Object.entries(input).filter(isPart)) }
}

function useChoices(step: Step, field: ControlProps['field'], search: string, isEnabled = true) {
  const id = useDraft((state) => state.host.id)
  const isSaved = useDraft((state) => state.save.kind === 'saved')
  const asked = { id, step: partsOf(step, field), field: field.name, search }
  return useInfiniteQuery(
    queries.connectors.options.infiniteOptions({
      input: (cursor: string | null) => ({ ...asked, cursor }),
      initialPageParam: null,
      getNextPageParam: (page: FieldOptions) => page.next,
      // What went wrong is asked again when the list is opened the next time.
      staleTime: ({ state }) => (state.data?.pages.some(({ error }) => error !== null) ? 0 : FRESH_MS),
      // What a step may touch is learned as it is saved.
      enabled: isEnabled && isSaved,
    }),
  )
}

/** What the chosen value is called by its service, once the list was read: an id alone tells a person little. */
function ChosenName({ field, step, value }: { field: ControlProps['field']; step: Step; value: string }) {
  const { data } = useChoices(step, field, '', credentialNames(step.input).length > 0)
  const option = data?.pages.flatMap(({ options }) => options).find((one) => one.value === value)
  if (option === undefined || option.label === value) return null
  return <p className="truncate text-sm text-ink-soft">{option.label}</p>
}

function Choices({
  field,
  step,
  chosen,
  onChoose,
}: ControlProps & { step: Step; chosen: string; onChoose: (value: string) => void }) {
  const command = useActiveOption()
  const [typed, setTyped] = useState('')
  const isSearched = field.list?.searches === true
  const search = useDeferredValue(isSearched ? typed.trim() : '')
  const { data, error, isPending, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useChoices(
    step,
    field,
    search,
  )
  const problem = error === null ? (data?.pages.at(-1)?.error ?? null) : describeFailure(error).message
  const read = data?.pages.flatMap(({ options }) => options) ?? []
  const words = typed.trim().toLowerCase()
  const options = isSearched
    ? read
    : read.filter(({ label, value, hint = '' }) => `${label} ${value} ${hint}`.toLowerCase().includes(words))
  return (
    <Command
      ref={command}
      label={`Choices for ${field.title}`}
      loop
      shouldFilter={false}
      className="flex min-h-0 flex-col"
    >
      <div className="flex items-center gap-2 border-b border-line py-1 pr-1.5 pl-3">
        <Search size={14} aria-hidden className="shrink-0 text-ink-faint" />
        <Command.Input
          autoFocus
          value={typed}
          onValueChange={setTyped}
          placeholder={`Search ${field.title.toLowerCase()}…`}
          className="h-8 w-full bg-transparent text-base text-ink outline-none placeholder:text-ink-faint"
        />
        <IconButton
          icon={RefreshCw}
          size="sm"
          label="Read the list again"
          loading={isFetching}
          onClick={() => void refetch()}
        />
      </div>
      {problem !== null && (
        <p role="alert" className="px-3 py-3 text-sm break-words text-error">
          {problem}
        </p>
      )}
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {problem === null && options.length === 0 && (
          <div className="px-3 py-6 text-center text-ink-faint">
            {isPending ? (
              <Spinner label="Reading the list…" />
            ) : read.length === 0 ? (
              'The service lists nothing here. The field takes any text all the same.'
            ) : (
              'Nothing is called that.'
            )}
          </div>
        )}
        {options.map(({ value, label, hint }) => (
          <Command.Item key={value} value={value} onSelect={() => onChoose(value)} className="command-item">
            <span className="min-w-0 flex-1">
              <span className="block truncate text-ink">{label}</span>
              {hint !== undefined && <span className="block truncate text-sm text-ink-faint">{hint}</span>}
            </span>
            {value === chosen && <Check size={14} aria-label="Chosen" className="shrink-0 text-accent" />}
          </Command.Item>
        ))}
      </Command.List>
      {hasNextPage && (
        <div className="border-t border-line p-1.5">
          <Button size="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load more
          </Button>
        </div>
      )}
    </Command>
  )
}
