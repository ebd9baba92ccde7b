//! The head of the page.

use yew::prelude::*;

use super::{draw::draw, host::hosted, icon::Icon, theme_switch::ThemeSwitch};

/// Name, what it is for, the promise, the theme.
pub(crate) fn masthead() -> Html {
    draw!(
        "<header key=masthead class=masthead>\
           <div class='wrap masthead__row'>\
             <a class=masthead__brand href=#main>\
               <svg class=masthead__logo viewBox='0 0 24 24' aria-hidden=true focusable=false>\
                 <path class=logo__frame d='M2 7V2h5M17 2h5v5M2 17v5h5M22 17v5h-5'/>\
                 <path class=logo__name d='M14.5 5.5 9.5 14.5'/>\
                 <path class=logo__mic d='M6.5 18h11'/>\
               </svg>\
               <span>SPNscope</span>\
             </a>\
             <p class=masthead__line>\
               Reads an NTLM sign-in byte by byte and says whether a Windows file server would let it in.\
             </p>\
             <a class=masthead__promise href=#enforced>\
               {}<span class=masthead__promise-text>\
                 <span class=masthead__promise-rest>Everything </span>stays in this tab\
               </span>\
             </a>{}\
           </div>\
         </header>",
        Icon::Sealed.draw(""),
        hosted::<ThemeSwitch>("theme", ()),
    )
}
