/** A file's text, byte for byte (Vite's `?raw`). */
declare module '*?raw' {
  const text: string
  export default text
}

/** Many files at once: https://vite.dev/guide/features.html#glob-import */
interface ImportMeta {
  glob<T>(pattern: string, options: { query?: string; import: 'default'; eager: true }): Record<string, T>
}
