/** A file's text, byte for byte (Vite's `?raw`). */
declare module '*?raw' {
  const text: string
  export default text
}
