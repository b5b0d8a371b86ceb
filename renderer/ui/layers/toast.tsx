import { Bell, CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { Button, IconButton } from '../controls/button.tsx'
import { ToldText } from '../words/told-text.tsx'

/** `notice`: from a step or the host, rather than an answer to what was done here. */
export type ToastTone = 'neutral' | 'success' | 'error' | 'notice'
export type ToastAction = { readonly label: string; readonly onClick: () => void }
export type Toast = {
  readonly id: number
  readonly title: string
  readonly detail: string | undefined
  readonly tone: ToastTone
  readonly action: ToastAction | undefined
}

const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))
let lastId = 0

/** Says something in the corner for some seconds; longer when it can be undone or went wrong. Returns how to take it back. */
export function toast({
  title,
  detail,
  tone = 'neutral',
  action,
}: {
  title: string
  detail?: string
  tone?: ToastTone
  action?: ToastAction
}): () => void {
  lastId += 1
  const shown: Toast = { id: lastId, title, detail, tone, action }
  // More than four at once is a wall, not a message.
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), shown] }))
  return () => dismiss(shown.id)
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))
}

/** Where toasts appear. Once in the app. */
export function Toaster() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-11 z-50 flex w-[min(380px,calc(100vw-32px))] flex-col gap-2"
    >
      {toasts.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </section>
  )
}

/** Whether the window is out of sight: what is said meanwhile waits until the window is seen again. */
function useIsHidden(): boolean {
  const [isHidden, setHidden] = useState(() => document.hidden)
  useEffect(() => {
    const look = () => setHidden(document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isHidden
}

const TONES = {
  neutral: { icon: Info, hue: 'text-ink-faint' },
  success: { icon: CircleCheck, hue: 'text-success' },
  error: { icon: CircleAlert, hue: 'text-error' },
  notice: { icon: Bell, hue: 'text-accent' },
} as const

function ToastCard({ toast: shown }: { toast: Toast }) {
  const [isHovered, setHovered] = useState(false)
  const isHidden = useIsHidden()
  const held = isHovered || isHidden
  const patient = shown.action !== undefined || shown.tone === 'error' || shown.tone === 'notice'
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(shown.id), patient ? 9000 : 4500)
    return () => clearTimeout(timer)
  }, [held, patient, shown.id])

  const { icon: Icon, hue } = TONES[shown.tone]
  const { action } = shown
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds the message, nothing is done by it
    <div
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
      className="pointer-events-auto flex animate-rise items-start gap-2.5 rounded-lg bg-raised py-2.5 pr-2 pl-3 shadow-float"
    >
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${hue}`} />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">
          <ToldText>{shown.title}</ToldText>
        </p>
        {shown.detail !== undefined && (
          <p className="line-clamp-6 text-sm break-words whitespace-pre-line text-ink-soft">
            <ToldText>{shown.detail}</ToldText>
          </p>
        )}
      </div>
      {action !== undefined && (
        <Button
          size="sm"
          onClick={() => {
            dismiss(shown.id)
            action.onClick()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon={X} size="sm" label="Dismiss" onClick={() => dismiss(shown.id)} />
    </div>
  )
}
