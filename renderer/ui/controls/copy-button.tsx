import { Check, Copy, type LucideIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonSize, type ButtonVariant, IconButton } from './button.tsx'
import { copyText } from './copy-text.ts'

/** Copies `text`, then says so for a moment. With `words` it is a button with words, else only an icon. */
export function CopyButton({
  text,
  label,
  words = false,
  size = 'sm',
  variant = 'ghost',
  icon: own = Copy,
}: {
  text: string | (() => string)
  /** What it does: "Copy address". */
  label: string
  words?: boolean
  size?: ButtonSize
  variant?: ButtonVariant
  /** Where two stand side by side: what it copies. */
  icon?: LucideIcon
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = () => {
    void copyText(typeof text === 'string' ? text : text()).then(setCopied)
  }
  const icon = copied ? Check : own
  const said = (
    <span aria-live="polite" className="sr-only">
      {copied ? 'Copied' : ''}
    </span>
  )
  if (words) {
    return (
      <>
        <Button size={size} variant={variant} icon={icon} onClick={copy}>
          {label}
        </Button>
        {said}
      </>
    )
  }
  return (
    <>
      <IconButton size={size} variant={variant} icon={icon} label={label} onClick={copy} />
      {said}
    </>
  )
}
