/** An expression that cannot be worked out for this event. Its message is for people and quotes nothing that a client sent. */
export class Fault extends Error {
  override readonly name = 'Fault'
}
