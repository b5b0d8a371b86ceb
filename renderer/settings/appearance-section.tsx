import { type LucideIcon, Monitor, Moon, Sun } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { setTheme, THEMES, type Theme, useAppearance } from '../stores/appearance.ts'
import { Section } from './section.tsx'

const LOOKS: Readonly<Record<Theme, { icon: LucideIcon; label: string }>> = {
  system: { icon: Monitor, label: 'System' },
  light: { icon: Sun, label: 'Light' },
  dark: { icon: Moon, label: 'Dark' },
}

export function AppearanceSection() {
  const theme = useAppearance((state) => state.theme)
  return (
    <Section
      title="Appearance"
      description="Kept in this window only."
      control={
        <RadioGroup.Root
          aria-label="Theme"
          orientation="horizontal"
          value={theme}
          onValueChange={(chosen) => {
            const found = THEMES.find((one) => one === chosen)
            if (found !== undefined) setTheme(found)
          }}
          className="flex rounded-md border border-line-strong bg-sunken p-0.5"
        >
          {THEMES.map((one) => {
            const { icon: Icon, label } = LOOKS[one]
            return (
              <RadioGroup.Item
                key={one}
                value={one}
                className="flex h-7 items-center gap-1.5 rounded-sm px-2.5 font-medium text-ink-faint transition-colors hover:text-ink data-[state=checked]:bg-surface data-[state=checked]:text-ink data-[state=checked]:shadow-card"
              >
                <Icon size={14} aria-hidden />
                {label}
              </RadioGroup.Item>
            )
          })}
        </RadioGroup.Root>
      }
    />
  )
}
