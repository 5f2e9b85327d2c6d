/** What can be done with a member. `everywhere`: in all group numbers that this person administers. */
export type MemberAct =
  | { readonly act: 'edit' | 'remove' | 'up' | 'down' | 'resume' }
  | { readonly act: 'logIn' | 'logOut'; readonly everywhere: boolean }
  | { readonly act: 'pause'; readonly reason?: string }
