/** What a host lends to the core: everything that differs between the desktop app and the headless host. */

/** Seals secrets for storage. */
export type SecretBox = {
  /** How well a sealed secret is protected from someone who has the data folder. */
  readonly protection: 'keychain' | 'key-file' | 'weak'
  seal(text: string): Promise<Uint8Array>
  /** Rejects when the secret was sealed elsewhere or was changed. */
  open(sealed: Uint8Array): Promise<string>
}

/** Shows a message of the system's own kind. Where there is no way to show one, it says so in the log and resolves. */
export type Notifier = { show(message: { title: string; body?: string }): Promise<void> }

/** Whether this computer has a network besides itself. */
export type Network = {
  isOnline(): boolean
  /** Calls `listener` whenever that changes; the returned function takes that back. */
  watch(listener: () => void): () => void
}

/** For where nobody can tell: an attempt then shows it. */
export const assumedNetwork: Network = { isOnline: () => true, watch: () => () => undefined }
