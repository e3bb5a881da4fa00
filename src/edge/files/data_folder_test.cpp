// The data folder: closed to others, locked by one, its key kept, a simulated shop never taken for a real one.
#include "edge/files/data_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace dropsmith::files::data_folder_test {
namespace {

class DataFolderTest : public testing::Test {
protected:
    DataFolderTest() {
        path = (std::filesystem::temp_directory_path() / ("dropsmith-folder-" + std::to_string(::getpid()))).string();
        std::filesystem::remove_all(path);
    }
    ~DataFolderTest() override { std::filesystem::remove_all(path); }
    static unsigned mode_of(const std::string& file) {
        struct stat found {};
        EXPECT_EQ(::stat(file.c_str(), &found), 0) << file;
        return found.st_mode & 0777u;
    }
    std::string path;
};

TEST_F(DataFolderTest, IsMadeForItsOwnerAlone) {
    auto folder = DataFolder::open(path + "/", FolderKind::real);
    ASSERT_TRUE(folder.ok()) << folder.error().what;
    EXPECT_EQ(folder->path(), path);
    EXPECT_TRUE(folder->fresh());
    EXPECT_EQ(mode_of(path), 0700u);
    EXPECT_EQ(mode_of(path + "/shop.key"), 0600u);
    EXPECT_EQ(mode_of(path + "/lock"), 0600u);
}

TEST_F(DataFolderTest, AFolderThatOthersCanReadIsClosed) {
    std::filesystem::create_directories(path);
    ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
    ASSERT_TRUE(DataFolder::open(path, FolderKind::real).ok());
    EXPECT_EQ(mode_of(path), 0700u);
}

TEST_F(DataFolderTest, OneProcessHasItAndSaysWho) {
    auto first = DataFolder::open(path, FolderKind::real);
    ASSERT_TRUE(first.ok());
    const auto second = DataFolder::open(path, FolderKind::real);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, FaultKind::busy);
    EXPECT_NE(second.error().what.find("process " + std::to_string(::getpid())), std::string::npos)
        << second.error().what;
    { const auto gone = std::move(*first); }
    EXPECT_TRUE(DataFolder::open(path, FolderKind::real).ok()) << "the lock ends with its holder";
}

TEST_F(DataFolderTest, TheKeyIsKeptAndEachUseHasItsOwn) {
    const auto keys = DataFolder::open(path, FolderKind::real)->keys();
    const auto again = DataFolder::open(path, FolderKind::real);
    EXPECT_FALSE(again->fresh());
    EXPECT_EQ(again->keys().ids, keys.ids);
    EXPECT_EQ(keys.ids.size(), 32u);
    EXPECT_NE(keys.ids, keys.vault);
    EXPECT_NE(keys.vault, keys.tokens);
    EXPECT_EQ(glance(path)->keys.vault, keys.vault) << "a glance needs no lock";
}

TEST_F(DataFolderTest, ASimulatedShopIsNeverServedAsARealOne) {
    ASSERT_TRUE(DataFolder::open(path, FolderKind::simulated).ok());
    const auto real = DataFolder::open(path, FolderKind::real);
    ASSERT_FALSE(real.ok());
    EXPECT_NE(real.error().what.find("simulated"), std::string::npos);
    EXPECT_EQ(glance(path)->kind, FolderKind::simulated);
    EXPECT_TRUE(DataFolder::open(path, FolderKind::simulated).ok());
}

TEST_F(DataFolderTest, AJournalWithoutItsKeyIsNotGivenANewOne) {
    ASSERT_TRUE(DataFolder::open(path, FolderKind::real).ok());
    std::ofstream(path + "/shop.db") << "a journal";
    std::filesystem::remove(path + "/shop.key");
    EXPECT_EQ(DataFolder::open(path, FolderKind::real).error().kind, FaultKind::corrupt);
    std::ofstream(path + "/shop.key") << "short";
    EXPECT_EQ(DataFolder::open(path, FolderKind::real).error().kind, FaultKind::corrupt);
}

TEST_F(DataFolderTest, WhatIsNoFolderIsNamed) {
    std::ofstream(path) << "a file";
    const auto file = DataFolder::open(path, FolderKind::real);
    ASSERT_FALSE(file.ok());
    EXPECT_NE(file.error().what.find(path), std::string::npos);
    EXPECT_FALSE(DataFolder::open(path + "/a/b", FolderKind::real).ok());
    EXPECT_FALSE(glance(path + "-nowhere").ok());
}

}  // namespace
}  // namespace dropsmith::files::data_folder_test
