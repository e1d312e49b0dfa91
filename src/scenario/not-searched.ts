// What a search of all schedules has not been made for.

/** The threads of a scene do what no search follows: nothing is said of it. The message is why. */
export class NotSearched extends Error {}
