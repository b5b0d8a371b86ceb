import type { Credential } from '../connectors/credential.ts'
import { findCredential, noteSignIn, replaceSealed, type SignInFacts } from '../db/credentials.ts'
import type { Database } from '../db/open.ts'
import type { SecretBox } from '../domain/host/adapters.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { SealError } from '../domain/trust/sealed-secret.ts'

const ENTER_AGAIN = 'It was sealed on another computer or by another host: enter it again under Credentials.'

/** A credential, and the only hosts to which it may go; null for all. */
export type OpenCredential = Credential & { readonly hosts: readonly string[] | null }

/** Finds a credential by its name and opens it for a step. Throws a {@link StepError} `credential`. */
export async function openCredential(database: Database, secretBox: SecretBox, name: string): Promise<OpenCredential> {
  const row = await findCredential(database.reader, name)
  if (row === undefined) {
    throw new StepError({
      code: 'credential',
      message: `There is no credential "${name}": create it under Credentials.`,
      retryable: false,
    })
  }
  try {
    const reseal = (sealed: Uint8Array): void => {
      // Where that fails it is done the next time.
      database.write((tx) => replaceSealed(tx, name, row.sealed, sealed)).catch(() => undefined)
    }
    return { type: row.type, hosts: row.hosts, secret: await secretBox.open(row.sealed, name, reseal) }
  } catch (error) {
    throw new StepError(
      {
        code: 'credential',
        message: `The credential "${name}" cannot be opened. ${error instanceof SealError ? error.message : ENTER_AGAIN}`,
        retryable: false,
      },
      { cause: error },
    )
  }
}

/** Stores a renewed secret in the place of another, with what is known of its sign-in. False when a person has changed that meanwhile. */
export async function storeRenewed(
  database: Database,
  secretBox: SecretBox,
  { name, before, after }: { readonly name: string; readonly before: string; readonly after: string },
  facts: Partial<SignInFacts>,
): Promise<boolean> {
  const row = await findCredential(database.reader, name)
  if (row === undefined || (await secretBox.open(row.sealed, name)) !== before) return false
  const sealed = await secretBox.seal(after, name)
  return database.write((tx) => {
    const isStored = replaceSealed(tx, name, row.sealed, sealed)
    if (isStored) noteSignIn(tx, name, facts)
    return isStored
  })
}
