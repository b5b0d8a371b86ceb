export {}

declare global {
  /** Of WebAssembly what the interpreter needs: its types come with those of browsers, which are not to be used here. */
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array)
    }
    class Memory {
      readonly buffer: ArrayBuffer
      constructor(pages: { readonly initial: number; readonly maximum: number })
    }
  }
}
