import { toast } from '../layers/toast.tsx'

/** Puts a text into the clipboard; where the browser refuses, says what to do instead. Whether it is there now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    toast({
      title: 'The browser did not let Hookline copy',
      detail: 'Allow this page to use the clipboard (beside the address), or select the text and copy it yourself.',
      tone: 'error',
    })
    return false
  }
}
