/** What is opened: a web or mail address, an address of an app's own, a file, or an app by its name. */
export type OpenTarget =
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'app'; readonly name: string }

/** What a host lends of the desktop that it stands on. What is null it cannot. */
export type Desktop = {
  /** Calls `listener` with each `hookline://` address that the system hands over; the returned function takes that back. */
  readonly links: ((listener: (url: string) => void) => () => void) | null
  /** Takes a combination of keys, such as `CmdOrCtrl+Shift+K`; the returned function releases it. Null where another program has it. */
  readonly hotkeys: ((keys: string, pressed: () => void) => (() => void) | null) | null
  readonly clipboard: { read(): Promise<string>; write(text: string): Promise<void> } | null
  /** Rejects with the system's words when nothing opens it. */
  readonly open: ((target: OpenTarget) => Promise<void>) | null
}

export type DesktopAbility = keyof Desktop

/** A host without a desktop. */
export const NO_DESKTOP: Desktop = { links: null, hotkeys: null, clipboard: null, open: null }

/** Why something cannot be done here, as a sentence with its remedy. */
export const CANNOT: Readonly<Record<DesktopAbility, string>> = {
  links:
    'This host hears of no links: it runs without the desktop app. Let the desktop app run the zap, or start it by a webhook.',
  hotkeys:
    'This host hears of no keys: it runs without the desktop app. Let the desktop app run the zap, or start it by hand.',
  clipboard: 'This host has no clipboard: it runs without the desktop app. Let the desktop app run the zap.',
  open: 'This host has no desktop on which something could be opened. Let the desktop app run the zap, or use "Run a program".',
}
