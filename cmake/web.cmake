# The pages, embedded: web/ -> npm -> web/dist -> dropsmith_web, whose table is declared in "web/assets.h" (generated).
# Only the release preset builds pages; in all others the table is empty, so that sanitizer builds need no npm.
function(dropsmith_web)
    set(out ${CMAKE_BINARY_DIR}/generated/web)
    set(embed ${CMAKE_SOURCE_DIR}/tools/embed_web.py)
    set(dist ${CMAKE_SOURCE_DIR}/web/dist)
    set(sources "")
    if(DROPSMITH_WEB AND EXISTS ${CMAKE_SOURCE_DIR}/web/package.json)
        set(web ${CMAKE_SOURCE_DIR}/web)
        file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/*)
        file(GLOB settings CONFIGURE_DEPENDS ${web}/*.html ${web}/*.json ${web}/*.ts ${web}/*.js)
        list(APPEND sources ${settings})
        set(build COMMAND ${CMAKE_SOURCE_DIR}/tools/build_web)
    else()
        set(build "")
        set(dist ${out}/none)
    endif()
    add_custom_command(OUTPUT ${out}/stamp BYPRODUCTS ${out}/web_assets.S ${out}/web_assets.cpp ${out}/assets.h
        DEPENDS ${sources} ${embed}
        ${build}
        COMMAND ${Python3_EXECUTABLE} ${embed} ${dist} ${out}
        COMMAND ${CMAKE_COMMAND} -E touch ${out}/stamp
        COMMENT "Web pages" VERBATIM)
    add_custom_target(web_pages DEPENDS ${out}/stamp)
    add_library(dropsmith_web STATIC ${out}/web_assets.S ${out}/web_assets.cpp)
    # .incbin is not seen by the dependency scan
    set_source_files_properties(${out}/web_assets.S PROPERTIES OBJECT_DEPENDS ${out}/stamp)
    target_link_libraries(dropsmith_web PUBLIC dropsmith_options)
    add_dependencies(dropsmith_web web_pages)
endfunction()
