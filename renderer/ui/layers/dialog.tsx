import { X } from 'lucide-react'
import { AlertDialog as RadixAlert, Dialog as RadixDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../controls/button.tsx'
import { classNames } from '../look/class-names.ts'
import { useFocusReturn } from './use-focus-return.ts'

const SCRIM = 'fixed inset-0 z-40 animate-fade bg-scrim'
const PANEL =
  'fixed top-1/2 left-1/2 z-40 flex max-h-[85vh] -translate-x-1/2 -translate-y-1/2 animate-pop flex-col rounded-lg bg-raised shadow-float outline-none'

/** A question or form over the screen. `footer` holds its buttons, the main one last. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  width = 480,
  onEscape,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Hears of Escape first; what it prevents does not close the dialog. */
  onEscape?: (event: Event) => void
  title: ReactNode
  description?: ReactNode
  footer?: ReactNode
  /** Pixels; never wider than the window. */
  width?: number
  children?: ReactNode
}) {
  const returnFocus = useFocusReturn(open)
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={SCRIM} />
        <RadixDialog.Content
          className={PANEL}
          onOpenAutoFocus={focusContent}
          onCloseAutoFocus={returnFocus}
          {...(onEscape && { onEscapeKeyDown: onEscape })}
          style={{ width: `min(${width}px, calc(100vw - 32px))` }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="px-5 pt-4 pr-12 pb-3">
            <RadixDialog.Title className="text-lg font-semibold text-ink">{title}</RadixDialog.Title>
            {description !== undefined && (
              <RadixDialog.Description className="mt-0.5 text-base text-ink-soft">
                {description}
              </RadixDialog.Description>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          {footer !== undefined && (
            <div className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
          )}
          {/* Last, so that the first field or button of the dialog gets the focus and not the way out. */}
          <RadixDialog.Close asChild>
            <IconButton icon={X} label="Close" size="sm" data-way-out className="absolute top-3.5 right-3.5" />
          </RadixDialog.Close>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

/**
 * With nothing in it to fill in or press, a dialog itself takes the focus: on its way out, Escape would first close the tooltip. What is
 * there to be read (`data-reading`) takes it before all else, so that the arrow keys scroll it.
 */
function focusContent(event: Event): void {
  const panel = event.currentTarget
  if (!(panel instanceof HTMLElement)) return
  const reading = panel.querySelector<HTMLElement>('[data-reading]')
  if (reading !== null) {
    event.preventDefault()
    reading.focus()
    return
  }
  if (panel.querySelector('input, textarea, select, button:not([data-way-out]), [tabindex="0"]') !== null) return
  event.preventDefault()
  panel.focus()
}

/** For what cannot be undone. `children` name what goes; `confirm` says it as a verb ("Delete credential"). */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  confirm,
  onConfirm,
  tone = 'danger',
  busy = false,
  disabled = false,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  confirm: string
  onConfirm: () => void
  tone?: 'danger' | 'primary'
  busy?: boolean
  /** While there is nothing to confirm. */
  disabled?: boolean
  children: ReactNode
}) {
  const returnFocus = useFocusReturn(open)
  return (
    <RadixAlert.Root open={open} onOpenChange={onOpenChange}>
      <RadixAlert.Portal>
        <RadixAlert.Overlay className={SCRIM} />
        <RadixAlert.Content
          className={classNames(PANEL, 'w-[min(420px,calc(100vw-32px))] p-5')}
          onCloseAutoFocus={returnFocus}
        >
          <RadixAlert.Title className="text-lg font-semibold">{title}</RadixAlert.Title>
          <RadixAlert.Description asChild>
            <div className="mt-1 text-base text-ink-soft">{children}</div>
          </RadixAlert.Description>
          <div className="mt-5 flex justify-end gap-2">
            <RadixAlert.Cancel asChild>
              <Button>Cancel</Button>
            </RadixAlert.Cancel>
            <Button variant={tone} loading={busy} disabled={disabled} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </RadixAlert.Content>
      </RadixAlert.Portal>
    </RadixAlert.Root>
  )
}
